package kv.command;

/** Something that a client can ask. Has no state: one object serves all clients. */
public interface Command {
  /**
   * How it is written: the verb, in upper case, then a name in lower case for each word that
   * follows, all separated by one blank, as in {@code PUT bucket key value}. What is parsed and
   * what is shown come from it.
   *
   * <p>Words that a request may leave out come last, each in brackets, as in {@code [from] [to]};
   * a request that has one of them has all before it. The last word may repeat: {@code key ...}
   * stands for one key or more, {@code [key ...]} for none or more. Words that repeat together are
   * written {@code [key value ...]}, and no others are in brackets before them: a request has none
   * of them, or one of each, or two, and so on.
   */
  String usage();

  /** The first word of its usage; no two commands of a table have the same. */
  default String verb() {
    return usage().split(" ", 2)[0];
  }

  /**
   * How {@code words} that ask for it name it: by its verb, with the verb before it if that is the
   * second word, as in {@code CLIENT|LIST}.
   */
  default String name(Words words) {
    String first = words.verb().utf8();
    return first.equals(verb()) ? first : first + "|" + verb();
  }

  /** What it does and answers, on part of a line, for {@code HELP} and the manual. */
  String summary();

  /**
   * What a client of a node with users must be allowed to have it run. The node that the client
   * talks to asks for it; a command that comes from there to another node is not asked again.
   */
  Access access();
}
