import java.util.List;

/**
 * How a server is spoken to; keys and values have no blanks.
 *
 * @param first what must be said once, before all else
 * @param put stores a value of 8 bytes under a key
 * @param get asks for a value that has been stored
 */
record Dialect(List<Exchange> first, Exchange put, Exchange get) {
  private static final String OK = "OK\r\n";

  /** The line protocol of kv and of the guide, with one bucket. */
  static Dialect lines(String bucket) {
    return new Dialect(
        List.of(new Exchange("CREATE " + bucket, OK)),
        new Exchange("PUT " + bucket + " {key} {value}", OK),
        new Exchange("GET " + bucket + " {key}", "{value}\r\n" + OK));
  }

  /** RESP with kv's commands; for keys of 8 bytes. */
  static Dialect resp(String bucket) {
    String name = bulk(bucket);
    String key = "\r\n$8\r\n{key}";
    String value = "$8\r\n{value}";
    return new Dialect(
        List.of(new Exchange("*2" + bulk("CREATE") + name, "+OK\r\n")),
        new Exchange("*4" + bulk("PUT") + name + key + "\r\n" + value, "+OK\r\n"),
        new Exchange("*3" + bulk("GET") + name + key, value + "\r\n"));
  }

  private static String bulk(String word) {
    return "\r\n$" + word.length() + "\r\n" + word;
  }

  /** The inline commands of redis. */
  static Dialect redis() {
    return new Dialect(
        List.of(),
        new Exchange("SET {key} {value}", "+OK\r\n"),
        new Exchange("GET {key}", "$8\r\n{value}\r\n"));
  }

  static Dialect memcached() {
    return new Dialect(
        List.of(),
        new Exchange("set {key} 0 0 8\r\n{value}", "STORED\r\n"),
        new Exchange("get {key}", "VALUE {key} 0 8\r\n{value}\r\nEND\r\n"));
  }

  /** What the floor understands: lines, whatever they say. */
  static Dialect floor() {
    return new Dialect(
        List.of(),
        new Exchange("PUT bench {key} {value}", OK),
        new Exchange("GET bench {key}", OK));
  }
}
