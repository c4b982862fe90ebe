package kv.router.table;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kv.config.Rule;

/**
 * The name of a node and where its peers reach it, written {@code foo@127.0.0.1:4050}.
 *
 * <p>Immutable. Making one looks nothing up: the host may be unknown to this machine, and two
 * spellings of one host (but for upper and lower case) are two addresses.
 *
 * @param name 1 to 64 letters, digits, {@code _}, {@code .} or {@code -}
 * @param host host name, IPv4 or IPv6 address; in lower case, IPv6 without brackets
 * @param port 1 to 65535
 */
public record NodeAddress(String name, String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("([^@]*)@(?:\\[([^\\]]*:[^\\]]*)\\]|([^:\\[\\]]*)):([0-9]{1,9})");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Pattern HOST_NAME =
      Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?"
          + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\\.?");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?=.)|$)){4}");
  private static final Pattern LOOPBACK_NAME = Pattern.compile("(?i)(.*\\.)?localhost\\.?");
  private static final Pattern IPV6_ZONE = Pattern.compile("%[A-Za-z0-9_.-]+$");

  /**
   * Checks each part by its rule.
   *
   * @throws IllegalArgumentException if one is against it; the message has the part and the rule
   */
  public NodeAddress {
    if (!isName(name))
      throw new IllegalArgumentException("'" + name + "' is not a node name;"
          + " use 1 to 64 letters, digits, '_', '.' or '-'");
    if (!isHost(host))
      throw new IllegalArgumentException("'" + host + "' is not a host;"
          + " use a host name, an IPv4 address or an IPv6 address");
    if (port < 1 || port > 65535)
      throw new IllegalArgumentException(
          "port " + port + " is out of range; use a port from 1 to 65535");
    host = host.toLowerCase(Locale.ROOT);
  }

  /**
   * Reads {@code name@host:port}, with an IPv6 host in brackets: {@code foo@[::1]:4050}.
   *
   * @throws IllegalArgumentException if it is something else; the message names {@code text}, or
   *     the part of it that is wrong, and what is expected
   */
  public static NodeAddress parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches())
      throw new IllegalArgumentException("'" + text + "' is not a node address;"
          + " write name@host:port, as in foo@127.0.0.1:4050 or foo@[::1]:4050");
    String host = form.group(2) != null ? form.group(2) : form.group(3);
    return new NodeAddress(form.group(1), host, Integer.parseInt(form.group(4)));
  }

  /** What a setting that names a node must be: {@link #isName}. */
  public static Rule nameRule() {
    return new Rule("1 to 64 letters, digits, '_', '.' or '-'", NodeAddress::isName);
  }

  /** What a setting that names a host must be: {@link #isHost}. */
  public static Rule hostRule() {
    return new Rule("a host name, an IPv4 address or an IPv6 address", NodeAddress::isHost);
  }

  /** Whether {@code text} can be the name of a node. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whether {@code text} has the form of a host; whether there is such a host is not asked. */
  public static boolean isHost(String text) {
    if (text.contains(":")) return isIpv6(text);
    if (DIGITS_AND_DOTS.matcher(text).matches()) return IPV4.matcher(text).matches();
    return HOST_NAME.matcher(text).matches();
  }

  private static boolean isIpv6(String text) {
    String address = IPV6_ZONE.matcher(text).replaceFirst("");
    if (address.startsWith("[")) return false;
    try {
      // Brackets say that this is an IPv6 address or nothing, so that no name service is asked.
      InetAddress.getByName("[" + address + "]");
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /**
   * The address that {@code host}, which has the form of a host, writes; null for a name, which
   * only a name service knows. {@code localhost} needs none.
   */
  public static InetAddress literal(String host) {
    if (LOOPBACK_NAME.matcher(host).matches()) return InetAddress.getLoopbackAddress();
    if (!host.contains(":") && !IPV4.matcher(host).matches()) return null;
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) { // of a zone that this machine has not, as a rule
      return null;
    }
  }

  /** The form that {@link #parse} reads. */
  @Override
  public String toString() {
    return name + "@" + endpoint();
  }

  /** Host and port without the name: {@code 127.0.0.1:4050}, {@code [::1]:4050}. */
  public String endpoint() {
    return endpoint(host, port);
  }

  /** The same of any {@code host}. */
  public static String endpoint(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
