package kv.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Questions to certificates. */
final class Certificates {
  /** The kinds of a subject alternative name that are a dNSName, and an iPAddress. */
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private Certificates() {}

  /**
   * Whether {@code certificate} is that of {@code name}, ignoring case: one of its subject
   * alternative names of the kind dNSName, or, if it has none of that kind, its common name. Not
   * the JDK's check of host names: the name of a node need not be one, and a wildcard is none.
   */
  static boolean carries(X509Certificate certificate, String name) {
    return names(certificate).stream().anyMatch(name::equalsIgnoreCase);
  }

  /** The names that count; none if the certificate is malformed. */
  static List<String> names(X509Certificate certificate) {
    try {
      List<String> names = alternatives(certificate, DNS_NAME);
      return names.isEmpty() ? commonName(certificate) : names;
    } catch (CertificateParsingException | InvalidNameException e) {
      return List.of();
    }
  }

  /** Its subject alternative names of the kind iPAddress; none if the certificate is malformed. */
  static List<String> addresses(X509Certificate certificate) {
    try {
      return alternatives(certificate, IP_ADDRESS);
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static List<String> alternatives(X509Certificate certificate, int kind)
      throws CertificateParsingException {
    Collection<List<?>> all = certificate.getSubjectAlternativeNames();
    if (all == null) return List.of();
    return all.stream().filter(one -> one.get(0).equals(kind)).map(one -> (String) one.get(1))
        .toList();
  }

  private static List<String> commonName(X509Certificate certificate)
      throws InvalidNameException {
    LdapName subject = new LdapName(certificate.getSubjectX500Principal().getName());
    String name = null;
    for (Rdn part : subject.getRdns())
      if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String text)
        name = text; // the last is the most specific
    return name == null ? List.of() : List.of(name);
  }

  /** What is wrong with {@code certificate} at the time {@code now}, if something is. */
  static Optional<String> untimely(X509Certificate certificate, Instant now) {
    String subject = "the certificate of " + certificate.getSubjectX500Principal().getName();
    Instant first = certificate.getNotBefore().toInstant();
    Instant last = certificate.getNotAfter().toInstant();
    if (now.isBefore(first))
      return Optional.of(subject + " is not valid before " + first + "; check the clock");
    if (now.isAfter(last))
      return Optional.of(subject + " has expired on " + last + "; replace it");
    return Optional.empty();
  }
}
