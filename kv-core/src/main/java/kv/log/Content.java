package kv.log;

import java.util.Collection;

/** All that there is, as a snapshot takes it while it changes. Safe for use by any thread. */
public interface Content {
  /** The entries of one bucket. */
  interface Bucket {
    /** Its number, which no other bucket has had or will have. */
    long number();

    /** Its name; not to be written to. */
    byte[] name();

    /** About how many entries it has. */
    long entries();

    /**
     * Tells {@code target} of each entry that stays for the whole time, with a value that it has
     * had meanwhile; of others, perhaps.
     */
    <X extends Exception> void forEach(Visitor<X> target) throws X;
  }

  /** Hears of entries. The arrays are not to be written to. */
  interface Visitor<X extends Exception> {
    /** An entry; {@code deadlineMillis} is 0 if it does not expire. */
    void entry(byte[] key, byte[] value, long deadlineMillis) throws X;
  }

  /** All buckets that are there for the whole time; others, perhaps. */
  Collection<? extends Bucket> buckets();
}
