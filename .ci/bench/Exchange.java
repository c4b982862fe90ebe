/**
 * A request and the reply that it must get, in ISO 8859-1; either may hold {@code {key}} and
 * {@code {value}}.
 *
 * @param request without the CRLF at its end
 * @param reply to the byte
 */
record Exchange(String request, String reply) {
  Exchange with(String key, String value) {
    return new Exchange(filled(request, key, value), filled(reply, key, value));
  }

  private static String filled(String text, String key, String value) {
    return text.replace("{key}", key).replace("{value}", value);
  }

  /** How many lines the reply has. */
  int lines() {
    return (int) reply.chars().filter(c -> c == '\n').count();
  }
}
