package kv.router.testing;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.rmi.server.UID;
import kv.testing.RmiOutput;

/** What the server side of RMI sends back from a call, whatever was called. */
public final class RmiReturn {
  /** Begins every return. */
  public static final int CODE = 0x51;

  private static final int VALUE = 1;
  private static final int EXCEPTION = 2;

  private RmiReturn() {}

  public static void value(Object value, Socket client) throws IOException {
    write(VALUE, value, client);
  }

  public static void exception(Throwable exception, Socket client) throws IOException {
    write(EXCEPTION, exception, client);
  }

  private static void write(int kind, Object content, Socket client) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(CODE);
    ObjectOutputStream stream = new RmiOutput(out);
    stream.writeByte(kind);
    new UID().write(stream);
    stream.writeObject(content);
    stream.flush();
  }
}
