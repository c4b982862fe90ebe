package kv.router.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kv.command.ByteCursor.MalformedException;
import kv.router.table.NodeAddress;

/**
 * Where a browser reaches a node's observer. A peer tells it as {@link #url}, which is taken apart,
 * checked and built anew, so that nothing of what a peer says gets into a page as it is. Immutable.
 *
 * @param tls whether it speaks {@code https}
 * @param host host name, IPv4 or IPv6 address; in lower case, IPv6 without brackets and zone
 * @param port 1 to 65535
 */
public record ObserverAddress(boolean tls, String host, int port) {
  private static final int MAX_BYTES = 300;
  private static final Pattern FORM =
      Pattern.compile("(https?)://"
          + "(?:\\[([0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)\\]|([A-Za-z0-9_.-]+)):([0-9]{1,5})/");

  /** Of a name: a browser takes one for an IPv4 address, as {@code 0x7f.1} for the loopback. */
  private static final Pattern ENDS_IN_A_NUMBER =
      Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)\\.?");

  /**
   * Checks each part by its rule.
   *
   * @throws IllegalArgumentException if one is against it; the message has the part and the rule
   */
  public ObserverAddress {
    if (!NodeAddress.isHost(host))
      throw new IllegalArgumentException("'" + host + "' is not a host;"
          + " use a host name, an IPv4 address or an IPv6 address");
    if (port < 1 || port > 65535)
      throw new IllegalArgumentException(
          "port " + port + " is out of range; use a port from 1 to 65535");
    host = host.replaceFirst("%.*", "").toLowerCase(Locale.ROOT);
  }

  /**
   * Reads what a peer tells.
   *
   * @throws MalformedException if it is not the {@link #url} of an address
   */
  public static ObserverAddress parse(byte[] told) throws MalformedException {
    if (told.length > MAX_BYTES)
      throw new MalformedException(
          told.length + " bytes for the address of its observer; " + MAX_BYTES + " are the most");
    Matcher form = FORM.matcher(new String(told, US_ASCII));
    if (!form.matches()) throw malformed();
    boolean isIpv6 = form.group(2) != null;
    String host = isIpv6 ? form.group(2) : form.group(3);
    if (!isIpv6 && ENDS_IN_A_NUMBER.matcher(host).matches() && NodeAddress.literal(host) == null)
      throw malformed();
    try {
      boolean tls = form.group(1).equals("https");
      return new ObserverAddress(tls, host, Integer.parseInt(form.group(4)));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static MalformedException malformed() {
    return new MalformedException("no address of an observer, such as http://127.0.0.1:4061/");
  }

  /**
   * Where a browser reaches it if {@code peer}, at its place in the table of the node that asks,
   * has told this: on all its addresses is at that of the table; on its loopback is nowhere, unless
   * that is the loopback of the node that asks, too.
   */
  public Optional<ObserverAddress> of(NodeAddress peer) {
    InetAddress own = NodeAddress.literal(host);
    if (own == null) return Optional.of(this);
    if (own.isAnyLocalAddress()) return Optional.of(new ObserverAddress(tls, peer.host(), port));
    InetAddress known = NodeAddress.literal(peer.host());
    boolean isHere = known != null && known.isLoopbackAddress();
    return own.isLoopbackAddress() && !isHere ? Optional.empty() : Optional.of(this);
  }

  /** As for a browser: {@code http://127.0.0.1:4061/}, {@code https://[::1]:4061/}. */
  public String url() {
    return (tls ? "https" : "http") + "://" + NodeAddress.endpoint(host, port) + "/";
  }
}
