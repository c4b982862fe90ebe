package kv.command;

import java.util.Locale;

/** What a client must be allowed so that a command is run for it; each includes those before it. */
public enum Access {
  /** Nothing: it is for everybody, also for those of whom nothing is known. */
  NONE,
  /** To see what the buckets hold, and where they are. */
  READ,
  /** To make buckets, and to change what they hold. */
  WRITE,
  /** To end buckets, and to see and crash the parts of the node. */
  ADMIN;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Whether who has this may do what needs {@code other}. */
  public boolean includes(Access other) {
    return compareTo(other) >= 0;
  }

  /** As people write it, in lower case. */
  @Override
  public String toString() {
    return text;
  }
}
