package kv.user;

import java.util.ArrayList;
import java.util.List;

/** Derives as it should, and notes what it was asked. */
public final class Counts implements Derivation {
  private final List<Integer> iterations = new ArrayList<>();
  private int running;
  private boolean haveTwoRun;

  @Override
  public byte[] derive(byte[] password, byte[] salt, int cost) {
    synchronized (this) {
      iterations.add(cost);
      haveTwoRun |= running > 0;
      running++;
    }
    try {
      return Derivation.PBKDF2.derive(password, salt, cost);
    } finally {
      synchronized (this) {
        running--;
      }
    }
  }

  /** The iterations of each derivation so far. */
  public synchronized List<Integer> iterations() {
    return List.copyOf(iterations);
  }

  /** Whether two were ever asked for at a time. */
  public synchronized boolean haveTwoRun() {
    return haveTwoRun;
  }
}
