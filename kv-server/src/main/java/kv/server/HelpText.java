package kv.server;

/** The text that {@code --help} prints; its keys are those of {@link Key}. */
final class HelpText {
  private static final String TEMPLATE = """
      Usage: java -jar kv-server.jar [--config FILE] [KEY=VALUE ...]
             java -jar kv-server.jar bench [KEY=VALUE ...]
             java -jar kv-server.jar user FILE NAME ROLE
             java -jar kv-server.jar check FOLDER [--cut]

      Starts a node of a distributed key-value store. It runs until it is told to stop (Ctrl-C).
      With 'bench', puts load on a node that runs, and measures it: see bench --help.
      With 'user', writes a user into the file for server.users: see user --help.
      With 'check', says what the folder of a node that is stopped holds: see check --help.

      Options:
        --config FILE  read settings from FILE, a properties file
        --help         print this text and exit
        --version      print the version and exit

      Settings, with their defaults; FILE overrides the defaults, KEY=VALUE overrides both:
      %s
      Exit status:
        0  stopped in order
        1  could not start
        2  the configuration is wrong
        3  the supervisors gave up
        4  the heap was exhausted

      Example, a node on another port that gives a stop more time:
        java -jar kv-server.jar server.port=4041 server.stop-timeout=30s
      """;

  private HelpText() {}

  /** Lines of at most 100 columns, each ended by a line feed. */
  static String text() {
    return String.format(TEMPLATE, Key.TABLE.manual());
  }
}
