package kv.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system of its own, ext4 in a file, that a test can fill, break and freeze. Needs root on
 * Linux; elsewhere the test is skipped.
 */
public final class SmallDisk {
  private static final String FILLER = "filler";
  private static final Path LIMITS =
      Path.of("/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device");

  private final Path image;
  private final Path folder;
  private boolean isFrozen;
  private boolean isSlow;

  private SmallDisk(Path image, Path folder) {
    this.image = image;
    this.folder = folder;
  }

  /** Mounts one in a new folder of {@code parent}; unmount it before that is deleted. */
  public static SmallDisk mount(Path parent, int mebibytes) throws Exception {
    Path image = Files.createTempFile(parent, "disk", ".image");
    Path folder = Files.createTempDirectory(parent, "disk");
    SmallDisk disk = new SmallDisk(image, folder);
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(mebibytes * 1024L * 1024);
    }
    try {
      run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
      disk.mount();
    } catch (IOException e) {
      Files.delete(image);
      Files.delete(folder);
      abort("needs root on Linux, and a loop device: " + e.getMessage());
    }
    return disk;
  }

  private void mount() throws Exception {
    run("mount", "-t", "ext4", "-o", "loop", image.toString(), folder.toString());
  }

  /** Its top. */
  public Path folder() {
    return folder;
  }

  /** Takes all space that is left. */
  public void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(FILLER))) {
      for (int size = 64 * 1024; size > 0; size /= 2) fill(out, new byte[size]);
    }
  }

  private static void fill(OutputStream out, byte[] bytes) throws IOException {
    try {
      while (true) out.write(bytes);
    } catch (IOException e) {
      if (!e.getMessage().contains("No space left")) throw e;
    }
  }

  /** Gives that space back. */
  public void empty() throws IOException {
    Files.delete(folder.resolve(FILLER));
  }

  /** Becomes read-only, as after an error of the disk, though files are open; for ever. */
  public void fail() throws Exception {
    run("mount", "-o", "remount,abort", folder.toString());
  }

  /** Becomes read-only; no file may be open for writing. */
  public void remountReadOnly() throws Exception {
    run("mount", "-o", "remount,ro", folder.toString());
  }

  /** Lets no file be written or made, those that are open included, until {@link #allowWrites}. */
  public void forbidWrites() throws Exception {
    run("chattr", "-R", "+i", folder.toString());
  }

  /** See {@link #forbidWrites}. */
  public void allowWrites() throws Exception {
    run("chattr", "-R", "-i", folder.toString());
  }

  /** Becomes one that can be written; no file may be open, if it has failed. */
  public void remount() throws Exception {
    run("umount", folder.toString());
    mount();
  }

  /** Has it take so many bytes a second, no more; the test is skipped where that cannot be. */
  public void slowDown(int bytesPerSecond) throws Exception {
    if (!Files.isWritable(LIMITS)) abort("no device can be slowed down here: no " + LIMITS);
    isSlow = true;
    limit(bytesPerSecond);
  }

  /** See {@link #slowDown}. */
  public void speedUp() throws Exception {
    if (isSlow) limit(0); // which is none
    isSlow = false;
  }

  private void limit(int bytesPerSecond) throws Exception {
    String device = run("findmnt", "-n", "-o", "MAJ:MIN", folder.toString()).strip();
    Files.writeString(LIMITS, device + " " + bytesPerSecond);
  }

  /** Lets all writes and forces wait. */
  public void freeze() throws Exception {
    run("fsfreeze", "-f", folder.toString());
    isFrozen = true;
  }

  /** Lets them go on. */
  public void thaw() throws Exception {
    isFrozen = false;
    run("fsfreeze", "-u", folder.toString());
  }

  /** Ends it, and all that is on it; no file may be open. */
  public void unmount() throws Exception {
    if (isFrozen) thaw();
    speedUp();
    run("umount", folder.toString());
    Files.delete(folder);
    Files.delete(image);
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    if (process.waitFor() != 0)
      throw new IOException(command[0] + ": " + said.lines().findFirst().orElse("failed"));
    return said;
  }
}
