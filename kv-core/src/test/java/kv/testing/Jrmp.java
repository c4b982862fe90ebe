package kv.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.rmi.server.ObjID;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/**
 * The protocol of RMI by hand, for callers that keep to it only as far as they like: one call on a
 * connection, with any object where an argument belongs.
 */
public final class Jrmp {
  /** What a connection begins with, up to the protocol of one call. */
  public static final byte[] HANDSHAKE = {0x4a, 0x52, 0x4d, 0x49, 0, 2, 0x4c};

  private static final long REGISTRY_HASH = 4905912898345647071L;
  private static final long DGC_HASH = -669196253586618813L;

  private static final int CALL = 0x50;
  private static final int GUARD_MILLIS = 20_000;

  /** Where an answer says whether it is a value or an exception. */
  private static final int RESULT = 7;

  private Jrmp() {}

  /** Which operation of which object is called. */
  public record Target(byte[] object, int operation, long hash) {
    public static final int BIND = 0;
    public static final int LOOKUP = 2;
    public static final int REBIND = 3;
    public static final int CLEAN = 0;
    public static final int DIRTY = 1;

    /** One of the operations of a registry. */
    public static Target registry(int operation) throws IOException {
      return new Target(bytes(new ObjID(ObjID.REGISTRY_ID)), operation, REGISTRY_HASH);
    }

    /** One of those of what keeps account of who uses which object. */
    public static Target dgc(int operation) throws IOException {
      return new Target(bytes(new ObjID(ObjID.DGC_ID)), operation, DGC_HASH);
    }

    /** A method, as in {@code call([B)[B}, of what the registry on {@code port} has. */
    public static Target named(int port, String name, String method)
        throws IOException, GeneralSecurityException {
      return new Target(lookUp(port, name), -1, Jrmp.hash(method));
    }

    private static byte[] bytes(ObjID id) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        id.write(out);
      }
      byte[] all = bytes.toByteArray();
      byte[] own = new byte[22]; // behind the head of the stream and that of the block
      System.arraycopy(all, all.length - own.length, own, 0, own.length);
      return own;
    }
  }

  /** What the arguments are written by. */
  public interface Arguments {
    void write(ObjectOutputStream call) throws IOException;
  }

  /** The bytes of a whole call with those arguments, each of them an object. */
  public static byte[] call(Target target, Object... arguments) throws IOException {
    return call(
        target,
        call -> {
          for (Object argument : arguments) call.writeObject(argument);
        });
  }

  /** The bytes of a whole call. */
  public static byte[] call(Target target, Arguments arguments) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(HANDSHAKE);
    bytes.write(CALL);
    try (ObjectOutputStream out = new RmiOutput(bytes)) {
      out.write(target.object);
      out.writeInt(target.operation);
      out.writeLong(target.hash);
      arguments.write(out);
    }
    return bytes.toByteArray();
  }

  /** How RMI names a method, as in {@code call([B)[B}. */
  public static long hash(String method) throws IOException, GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-1");
    try (DataOutputStream out =
        new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
      out.writeUTF(method);
    }
    return ByteBuffer.wrap(digest.digest()).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static byte[] lookUp(int port, String name) throws IOException {
    byte[] answer = exchange(port, call(Target.registry(Target.LOOKUP), name));
    for (int i = answer.length - 24; i >= 0; i--)
      if (answer[i] == 0x77 && answer[i + 1] == 23) { // the last block: the object, and a boolean
        byte[] object = new byte[22];
        System.arraycopy(answer, i + 2, object, 0, object.length);
        return object;
      }
    throw new IOException("the registry named no object");
  }

  /** Sends what there is, and answers what comes until the other side closes. */
  public static byte[] exchange(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(GUARD_MILLIS);
      try {
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        return socket.getInputStream().readAllBytes();
      } catch (SocketException reset) {
        return new byte[0]; // closed with something unread: it has seen enough
      }
    }
  }

  /** Whether a call is carried out, and not refused, by an exception or the connection's end. */
  public static boolean isCarriedOut(int port, byte[] call) throws IOException {
    byte[] answer = exchange(port, call);
    return answer.length > RESULT && answer[RESULT] == 1;
  }
}
