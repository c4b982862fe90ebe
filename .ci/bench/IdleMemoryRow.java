import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The resident memory that an idle connection costs. */
final class IdleMemoryRow implements Row {
  private static final int CLIENTS = 5_000;

  @Override
  public void measure(Lab lab) throws Exception {
    Table table = new Table("threads", "KiB a connection");
    table.row("default", Goal.atMost(64).judge(kib(lab, lab.tools().java())));
    Optional<Path> newer = IdleRow.newerJdk(lab);
    if (newer.isPresent())
      table.row(IdleRow.VIRTUAL, Goal.atMost(12).judge(kib(lab, newer.get(), IdleRow.VIRTUAL)));
    lab.report().paragraph(table);
  }

  private static double kib(Lab lab, Path jdk, String... settings)
      throws IOException, InterruptedException {
    List<Double> figures = new ArrayList<>();
    for (int round = 1; round <= lab.options().rounds(); round++)
      try (Server kv = lab.launcher().kv(jdk, settings)) {
        figures.add(kib(new Jvm(jdk, kv.program().pid()), kv));
      }
    lab.report().progress("  " + figures.stream().map(Figures::digits).toList());
    return Figures.median(figures);
  }

  private static double kib(Jvm jvm, Server kv) throws IOException, InterruptedException {
    double before = jvm.residentKib();
    try (IdleClients clients = new IdleClients(kv, CLIENTS)) {
      return (jvm.residentKib() - before) / clients.count();
    }
  }
}
