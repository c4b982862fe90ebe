import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of an entry with a key and a value of 8 bytes each. */
final class EntryMemoryRow implements Row {
  private static final int ENTRIES = 1_000_000;
  private static final Pattern USED = Pattern.compile("used_memory:([0-9]+)");

  @Override
  public void measure(Lab lab) throws Exception {
    Table table = new Table("server", "bytes an entry");
    table.row(Peer.KV + ", live heap", Goal.atMost(120).judge(kvBytes(lab)));
    if (Peer.REDIS.isInstalled(lab.report()))
      table.row(Peer.REDIS + ", used_memory", Figures.digits(redisBytes(lab)));
    lab.report().paragraph(table);
  }

  private static double kvBytes(Lab lab) throws IOException, InterruptedException {
    try (Server kv = lab.launcher().start(Peer.KV)) {
      Jvm jvm = new Jvm(lab.tools().java(), kv.program().pid());
      double before = jvm.liveBytes();
      fill(kv);
      return (jvm.liveBytes() - before) / ENTRIES;
    }
  }

  private static double redisBytes(Lab lab) throws IOException, InterruptedException {
    try (Server redis = lab.launcher().start(Peer.REDIS)) {
      double before = usedMemory(redis);
      fill(redis);
      return (usedMemory(redis) - before) / ENTRIES;
    }
  }

  /** With values that differ, and that redis cannot keep as numbers. */
  private static void fill(Server server) throws IOException {
    server.fill(0, ENTRIES, n ->
        server.dialect().put().with(String.format("%08d", n), String.format("v%07d", n)));
  }

  private static double usedMemory(Server redis) throws IOException, InterruptedException {
    String info = Programs.outputOf(
        "redis-cli", "-h", "127.0.0.1", "-p", Integer.toString(redis.port()), "INFO", "memory");
    Matcher used = USED.matcher(info);
    if (!used.find()) throw new IOException("no used_memory in: " + info);
    return Double.parseDouble(used.group(1));
  }
}
