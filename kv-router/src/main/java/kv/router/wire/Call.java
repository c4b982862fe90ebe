package kv.router.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.command.RequestCodec;
import kv.command.Words;
import kv.memory.MemoryFullException;
import kv.router.table.NodeAddress;

/**
 * The head of a call between nodes: the version of the form, then the names of the nodes that the
 * commands have passed, each behind its length in one byte, then the commands in the form of {@link
 * kv.command.RequestCodec} to the end.
 */
public final class Call {
  private static final int VERSION = 1;

  /**
   * That in which a request may have more words than a byte counts. A node that knows only the
   * first one would take words for requests, and so must refuse the call.
   */
  private static final int WITH_MANY_WORDS = 2;

  /** A call without commands, of a node that is not named: a peer that answers it is there. */
  public static final byte[] OF_NOTHING = {VERSION, 0};

  private Call() {}

  public static void writeHead(List<String> path, ByteBuilder target) {
    target.append(VERSION).append(path.size());
    for (String node : path) target.append(node.length()).append(node.getBytes(US_ASCII));
  }

  /**
   * Appends a request to {@code call}, which begins with its head.
   *
   * @throws MemoryFullException if {@code call} has no room; a part may have been appended
   */
  public static void writeRequest(Words request, ByteBuilder call) {
    if (!RequestCodec.isInAByte(request.count())) call.set(0, WITH_MANY_WORDS);
    RequestCodec.write(request, call);
  }

  /** The same call without its first {@code count} commands. */
  public static byte[] without(int count, byte[] call) {
    if (count == 0) return call;
    ByteCursor source = new ByteCursor(call);
    try {
      ByteBuilder rest = new ByteBuilder(call.length);
      writeHead(readHead(source), rest);
      rest.set(0, call[0]);
      for (int i = 0; i < count; i++) RequestCodec.skip(source);
      int from = source.skip(0);
      return rest.append(call, from, call.length - from).copyFrom(0);
    } catch (MalformedException e) {
      throw new IllegalArgumentException("a call of this node's own", e);
    }
  }

  /** Reads a head and answers the path; {@code source} is at the first command then. */
  public static List<String> readHead(ByteCursor source) throws MalformedException {
    int version = source.next();
    if (version != VERSION && version != WITH_MANY_WORDS)
      throw new MalformedException("version " + version + " of the form between nodes");
    int count = source.next();
    List<String> path = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = source.next();
      String name = new String(source.array(), source.skip(length), length, US_ASCII);
      if (!NodeAddress.isName(name)) throw new MalformedException("a node without a name");
      path.add(name);
    }
    return path;
  }
}
