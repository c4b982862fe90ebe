package kv.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kv.config.ConfigException;
import kv.config.Setting;

/**
 * What the files of a {@link TlsFiles} said when they were read. Equal to another if all bytes are.
 *
 * @param bytes those of the file that each setting names
 */
record Contents(Map<Setting, ByteBuffer> bytes) {
  private static final int MAX_BYTES = 1 << 20;

  /**
   * Reads all of {@code files}, of at most 1 MiB each.
   *
   * @throws ConfigException if one cannot be read
   */
  static Contents of(TlsFiles files) {
    Map<Setting, ByteBuffer> bytes = new HashMap<>();
    for (Setting setting : files.settings()) bytes.put(setting, ByteBuffer.wrap(read(setting)));
    return new Contents(bytes);
  }

  private static byte[] read(Setting setting) {
    try (InputStream in = Files.newInputStream(Path.of(setting.value()))) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length <= MAX_BYTES) return bytes;
    } catch (IOException e) {
      throw StoreFile.unreadable(setting, e);
    }
    throw StoreFile.refusal(
        setting, "which has more than " + MAX_BYTES + " bytes; name another, or split it", null);
  }

  byte[] of(Setting setting) {
    return bytes.get(setting).array();
  }

  /** The settings whose files say something else here than in {@code former}. */
  List<Setting> changedSince(Contents former, TlsFiles files) {
    return files.settings().stream()
        .filter(setting -> !bytes.get(setting).equals(former.bytes.get(setting)))
        .toList();
  }
}
