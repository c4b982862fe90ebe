package kv.drill;

import java.io.IOException;
import java.util.List;

/** What is between the two nodes of a {@link Pair}, and can be broken. */
interface Network extends AutoCloseable {
  /** What runs a command where the node {@code name} is; empty for nothing special. */
  List<String> wrapper(String name);

  /** Where clients find the node {@code name}. */
  String host(String name);

  /** What the node {@code name} needs in its configuration, as {@code key=value}. */
  List<String> configuration(String name);

  /** Where the other one finds the node {@code name}: {@code host:port}, the same in all lives. */
  String peerAddress(String name);

  /** The node has begun a life in which it accepts peers on that port. */
  void moved(String name, int peerPort);

  /** Lets nothing through, and keeps what is under way. */
  void stall() throws IOException, InterruptedException;

  /** Lets nothing through, and loses what is under way if that is its nature. */
  void cut() throws IOException, InterruptedException;

  void heal() throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
