import java.util.List;

/** A connection of a library. Replies are texts or bytes, numbers, lists of them, or null. */
interface Connection extends AutoCloseable {
  Object call(byte[]... words) throws Exception;

  /** Sends all of them before it reads a reply. */
  List<Object> pipeline(List<byte[][]> requests) throws Exception;

  /** Calls what the library has a method for, and expects the same as {@code steps.js}. */
  void typed();
}
