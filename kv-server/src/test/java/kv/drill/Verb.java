package kv.drill;

import java.util.EnumSet;

/** What drills ask of a store. */
enum Verb {
  CREATE,
  PUT,
  GET,
  DELETE,
  ADD,
  REPLACE,
  CAS,
  SWAP,
  TAKE,
  INCR,
  EXPIRE;

  /** Whether it changes what a key has, or may. */
  boolean isWrite() {
    return this != CREATE && this != GET;
  }

  /** Whether it is answered with a value, or with that there is none. */
  boolean isAnsweredWithValue() {
    return this == GET || this == SWAP || this == TAKE;
  }

  /** Whether it is answered with a number. */
  boolean isAnsweredWithNumber() {
    return EnumSet.of(ADD, REPLACE, CAS, INCR, EXPIRE).contains(this);
  }

  /** Whether its answer tells something of what the key had before. */
  boolean isRead() {
    return isAnsweredWithValue() || isAnsweredWithNumber();
  }
}
