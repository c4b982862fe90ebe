package kv.command;

/** Something that a client can ask. Has no state: one object serves all clients. */
public interface Command {
  /**
   * How it is written: the verb, in upper case, then a name for each word that follows, all
   * separated by one blank, as in {@code PUT bucket key value}. What is parsed and what is shown
   * come from it.
   */
  String usage();

  /** What it does and answers, on part of a line, for {@code HELP} and the manual. */
  String summary();

  /**
   * What a client of a node with users must be allowed to have it run. The node that the client
   * talks to asks for it; a command that comes from there to another node is not asked again.
   */
  Access access();
}
