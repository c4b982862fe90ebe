package kv.drill;

import java.io.IOException;

/** A place where clients come in, such as a node. */
@FunctionalInterface
interface Door {
  /**
   * Another way in; waits until there is one.
   *
   * @throws IOException if it closed again in the meantime
   */
  Store open() throws IOException, InterruptedException;
}
