package kv.drill;

/** What drills ask of a store. */
enum Verb {
  CREATE,
  PUT,
  GET,
  DELETE;

  /** Whether it changes what a key has. */
  boolean isWrite() {
    return this == PUT || this == DELETE;
  }
}
