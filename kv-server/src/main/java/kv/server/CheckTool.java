package kv.server;

import java.nio.file.Path;
import java.util.List;
import kv.config.ConfigException;
import kv.config.FilePath;
import kv.config.Place;
import kv.log.Check;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;
import kv.log.disk.FolderLock;

/** The command {@code check}: says what the folder of a node that is stopped holds. */
final class CheckTool {
  private static final int FAULTY = 1;
  private static final int BAD_ARGUMENTS = 2;
  private static final String CUT = "--cut";

  private static final String HELP = """
      Usage: java -jar kv-server.jar check FOLDER [--cut]

      Reads the folder that a node keeps its buckets in, as in data/kv, and says what is there: the
      files of the log, the snapshot, how many buckets and keys, and the first fault. It changes
      nothing. The node must be stopped.

      Options:
        --cut   give up what is behind the first fault, so that the node can be started; the bytes
                that are cut off stay in the folder, in a file whose name begins with cut-
        --help  print this text and exit

      Exit status:
        0  the node can be started with the folder
        1  it cannot, or the folder cannot be read
        2  the arguments are wrong
      """;

  private CheckTool() {}

  static int run(List<String> arguments) throws InterruptedException {
    if (arguments.contains("--help")) {
      System.out.print(HELP);
      return 0;
    }
    boolean isCut = arguments.size() == 2 && arguments.get(1).equals(CUT);
    boolean isFit = arguments.size() == 1 || isCut;
    if (!isFit || arguments.get(0).startsWith("-")) {
      System.err.println("check needs FOLDER, and perhaps --cut behind it; see check --help");
      return BAD_ARGUMENTS;
    }
    try {
      String folder = arguments.get(0);
      return check(FilePath.parse(folder, Place.ofArgument(folder), "name a folder"), isCut);
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      return BAD_ARGUMENTS;
    } catch (FolderException e) {
      System.err.println(e.getMessage());
      return FAULTY;
    }
  }

  private static int check(Path folder, boolean isCut) throws InterruptedException {
    Disk disk = Disk.ofExisting(folder);
    FolderLock lock = FolderLock.take(folder, "check");
    try {
      Check.Report report = isCut ? Check.cut(disk) : Check.look(disk);
      report.lines().forEach(System.out::println);
      return report.isSound() ? 0 : FAULTY;
    } finally {
      lock.close();
    }
  }
}
