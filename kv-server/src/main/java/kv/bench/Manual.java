package kv.bench;

/** The text that {@code bench --help} prints; its keys are those of {@link BenchKey}. */
final class Manual {
  private static final String TEMPLATE = """
      Usage: java -jar kv-server.jar bench [KEY=VALUE ...]

      Puts load on a node that runs, and measures how it bears it. Each connection sends a batch of
      requests in one write, waits for all replies, and sends the next batch. Every reply is checked
      to the last byte. If there are to be GETs, every key is put first, which is not measured.

      The bucket is made if there is none, and stays when the load is over, with its keys.

      To measure what goes on to another node over RMI, set bucket to a name that the node's routing
      table leads there. The heading says which node holds the bucket.

      Options:
        --help  print this text and exit

      Settings, with their defaults:
      %s
      Results, a name and a value on each line of standard output:
        requests             how many were answered
        seconds              from the first request to the last reply
        requests_per_second  the one divided by the other
        batch_us_p50 ...     microseconds from the start of a batch to its last reply: that many in
                             a hundred batches took no longer, to within 2 %%; max is exact
        errors               replies that were wrong, and connections that were lost

      While it runs, standard error has a line each second, and at the end the first error.

      Exit status:
        0  all replies were right
        1  some were not, or the node could not be reached
        2  a setting is wrong

      Example, mostly GETs, by 10 clients with 32 requests at a time:
        java -jar kv-server.jar bench port=4041 connections=10 pipeline=32 mix=90
      """;

  private Manual() {}

  /** Lines of at most 100 columns, each ended by a line feed. */
  static String text() {
    return String.format(TEMPLATE, BenchKey.TABLE.manual());
  }
}
