package kv.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.rmi.server.ObjID;

/** A call as RMI writes it, with arguments that no stub of RMI's would let through. */
final class RawCall extends ObjectOutputStream {
  /** What the registry knows its methods by, and two of them. */
  static final long REGISTRY = 4905912898345647071L;

  static final int BIND = 0;
  static final int REBIND = 3;

  /** The same for what keeps account of who uses which object. */
  static final long LEASES = -669196253586618813L;

  static final int CLEAN = 0;
  static final int DIRTY = 1;

  private static final byte[] ONE_CALL_ONLY = {'J', 'R', 'M', 'I', 0, 2, 0x4c, 0x50};

  /** Where an answer says whether it is a value or an exception. */
  private static final int RESULT = 7;

  /** What the arguments are written by. */
  interface Arguments {
    void write(ObjectOutputStream call) throws IOException;
  }

  private RawCall(OutputStream out) throws IOException {
    super(out);
  }

  /**
   * Calls a method of one of RMI's own objects, over a connection of its own.
   *
   * @return whether it was carried out, and not refused, by an exception or by the end of the
   *     connection
   */
  static boolean isCarriedOut(
      int port, int object, long type, int method, Arguments arguments) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ONE_CALL_ONLY);
    RawCall call = new RawCall(bytes);
    new ObjID(object).write(call);
    call.writeInt(method);
    call.writeLong(type);
    arguments.write(call);
    call.flush();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000); // against hanging
      bytes.writeTo(socket.getOutputStream());
      byte[] answer = socket.getInputStream().readAllBytes();
      return answer.length > RESULT && answer[RESULT] == 1;
    } catch (SocketException cutOff) { // while it was still being written, say
      return false;
    }
  }

  /** RMI writes behind every class where it can be loaded from: nowhere. */
  @Override
  protected void annotateClass(Class<?> type) throws IOException {
    writeObject(null);
  }

  @Override
  protected void annotateProxyClass(Class<?> type) throws IOException {
    writeObject(null);
  }
}
