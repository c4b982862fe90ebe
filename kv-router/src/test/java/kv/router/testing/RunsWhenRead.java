package kv.router.testing;

import java.io.ObjectInputStream;
import java.io.Serializable;
import java.rmi.Remote;
import java.util.concurrent.atomic.AtomicInteger;

/** An attack: runs code of its own on the node that reads it. */
public final class RunsWhenRead implements Serializable, Remote {
  private static final long serialVersionUID = 1;
  private static final AtomicInteger RUNS = new AtomicInteger();

  /** How often it has run in this JVM; only the change tells something. */
  public static int runs() {
    return RUNS.get();
  }

  private void readObject(ObjectInputStream in) {
    RUNS.incrementAndGet();
  }

  /** The same, to be thrown. */
  public static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) {
      RUNS.incrementAndGet();
    }
  }
}
