package kv.log;

/**
 * A file of the log as it was found.
 *
 * @param header what it begins with
 * @param bytes how many bytes stand behind the header
 */
record Segment(Header header, long bytes) {
  String name() {
    return header.name();
  }

  /** The position of its first record, or of the rest of one that began in the file before. */
  long first() {
    return header.first();
  }

  /** Where what is in it ends. */
  long end() {
    return header.first() + Math.min(bytes, header.length());
  }
}
