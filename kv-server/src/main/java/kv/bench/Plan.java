package kv.bench;

import java.util.SplittableRandom;

/** What a worker asks, one request after another. Not thread-safe. */
interface Plan {
  /** Goes on to the next request; false if there is none. */
  boolean advance();

  /** The key that the present request is about, from 0. */
  int key();

  /** Whether the present request is a GET; else it is a PUT. */
  boolean isGet();

  /** A PUT for each key from {@code from}, inclusive, to {@code to}, exclusive. */
  static Plan putEach(int from, int to) {
    return new Plan() {
      private int key = from - 1;

      @Override
      public boolean advance() {
        return key < to && ++key < to;
      }

      @Override
      public int key() {
        return key;
      }

      @Override
      public boolean isGet() {
        return false;
      }
    };
  }

  /** Without end: keys below {@code keys}, and {@code mix} GETs in a hundred requests. */
  static Plan random(int keys, int mix, SplittableRandom random) {
    return new Plan() {
      private int key;
      private boolean isGet;

      @Override
      public boolean advance() {
        key = random.nextInt(keys);
        isGet = random.nextInt(100) < mix;
        return true;
      }

      @Override
      public int key() {
        return key;
      }

      @Override
      public boolean isGet() {
        return isGet;
      }
    };
  }
}
