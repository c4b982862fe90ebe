/** A server that is measured: kv, and those beside it. */
enum Peer {
  KV("kv", ""),
  /** The least that a server with a thread for each connection can do, in C. */
  FLOOR("C floor", ""),
  REDIS("redis", "redis-server"),
  MEMCACHED("memcached", "memcached"),
  /** The guide's own system. */
  GUIDE("guide's Elixir", "elixir");

  private final String text;
  private final String program;

  Peer(String text, String program) {
    this.text = text;
    this.program = program;
  }

  /** What must be installed for it; empty if it comes along. */
  String program() {
    return program;
  }

  boolean hasVersion() {
    return !program.isEmpty();
  }

  boolean isInstalled() {
    return program.isEmpty() || Tools.isInstalled(program);
  }

  /** Whether it is installed; notes that it is left out, if not. */
  boolean isInstalled(BenchReport report) {
    if (!isInstalled()) report.note(program + " is not installed: " + text + " is left out.");
    return isInstalled();
  }

  /** How tables and plots call it. */
  @Override
  public String toString() {
    return text;
  }
}
