package kv.server.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A socket of which the server reads what a test has written beforehand, and which has something
 * happen before the first of the server's writes goes through. One byte for each char.
 */
public final class ScriptedSocket extends SocketDouble {
  /** What happens meanwhile, on the thread that writes. */
  public interface Meanwhile {
    void happen() throws Exception;
  }

  private final InputStream in;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final OutputStream out;

  public ScriptedSocket(String requests, Meanwhile beforeFirstWrite) {
    in = new ByteArrayInputStream(requests.getBytes(ISO_8859_1));
    out =
        new OutputStream() {
          private boolean isFirst = true;

          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            if (isFirst) happen(beforeFirstWrite);
            isFirst = false;
            written.write(bytes, from, count);
          }

          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }
        };
  }

  private static void happen(Meanwhile meanwhile) throws IOException {
    try {
      meanwhile.happen();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** All that has been written. */
  public String written() {
    return written.toString(ISO_8859_1);
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  @Override
  public void shutdownInput() {}

  @Override
  public void shutdownOutput() {}
}
