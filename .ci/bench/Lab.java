/**
 * What a row of the plan measures with.
 *
 * @param launcher starts servers
 * @param lineload puts them under load
 * @param report where figures and notes go
 */
record Lab(
    Options options, Tools tools, Launcher launcher, Lineload lineload, BenchReport report) {
  static final int CONNECTIONS = 50;
  static final int KEYS = 100_000;

  Rounds rounds() {
    return new Rounds(options, report);
  }
}
