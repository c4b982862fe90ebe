package kv.testing;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;

/** Writes objects as RMI does: behind every class is where it can be loaded from, nowhere. */
public final class RmiOutput extends ObjectOutputStream {
  public RmiOutput(OutputStream out) throws IOException {
    super(out);
  }

  @Override
  protected void annotateClass(Class<?> type) throws IOException {
    writeObject(null);
  }

  @Override
  protected void annotateProxyClass(Class<?> type) throws IOException {
    writeObject(null);
  }
}
