package kv.observer.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kv.tls.Tls;

/**
 * By which names browsers may call a port: as texts, as no name service may say that a name leads
 * here. Immutable, but for the certificate, which may be renewed.
 */
final class HostNames {
  private static final Pattern HOST =
      Pattern.compile("(?:\\[([0-9a-f:.]{2,45})\\]|([a-z0-9._-]{1,255}))(?::[0-9]{1,5})?");
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1");
  private static final String ANY_LABEL = "*";

  private final List<String> own;
  private final Optional<Tls> tls;

  HostNames(PortSettings settings) {
    own =
        Stream.concat(Stream.of(settings.host()), settings.names().stream())
            .map(HostNames::canonical)
            .collect(Collectors.toUnmodifiableList());
    tls = settings.tls();
  }

  /** The name in a header {@code Host}, which is in lower case; empty if there is none. */
  static Optional<String> nameIn(String header) {
    Matcher host = HOST.matcher(header);
    if (!host.matches()) return Optional.empty();
    return Optional.of(canonical(host.group(1) == null ? host.group(2) : host.group(1)));
  }

  /** In lower case, an IPv6 address in its one form, another text as it is. */
  private static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!lower.contains(":")) return lower;
    try {
      // Brackets say that this is an IPv6 address or nothing, so that no name service is asked.
      InetAddress address = InetAddress.getByName("[" + lower + "]");
      return address.isLoopbackAddress() ? "::1" : address.getHostAddress();
    } catch (UnknownHostException e) {
      return lower;
    }
  }

  /** Whether it may be called {@code name}, which {@link #nameIn} has given. */
  boolean contain(String name) {
    return LOOPBACK.matcher(name).matches()
        || own.contains(name)
        || tls.isPresent()
            && tls.get().names().stream().anyMatch(pattern -> matches(canonical(pattern), name));
  }

  /** A star stands for one label, the first. */
  private static boolean matches(String pattern, String name) {
    if (!pattern.startsWith(ANY_LABEL + ".")) return pattern.equals(name);
    int dot = name.indexOf('.');
    return dot > 0 && name.substring(dot).equals(pattern.substring(ANY_LABEL.length()));
  }
}
