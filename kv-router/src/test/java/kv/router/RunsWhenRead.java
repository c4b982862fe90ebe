package kv.router;

import java.io.ObjectInputStream;
import java.io.Serializable;
import java.rmi.Remote;
import java.util.concurrent.atomic.AtomicInteger;

/** An attack: runs code of its own on the node that reads it. */
final class RunsWhenRead implements Serializable, Remote {
  private static final long serialVersionUID = 1;
  private static final AtomicInteger RUNS = new AtomicInteger();

  /** How often it has run in this JVM; only the change tells something. */
  static int runs() {
    return RUNS.get();
  }

  private void readObject(ObjectInputStream in) {
    RUNS.incrementAndGet();
  }

  /** The same, to be thrown. */
  static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) {
      RUNS.incrementAndGet();
    }
  }
}
