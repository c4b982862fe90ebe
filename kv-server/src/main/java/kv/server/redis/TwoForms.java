package kv.server.redis;

import kv.command.Access;
import kv.command.Command;
import kv.command.Usage;
import kv.command.Words;

/** A verb that Redis has, and the node too: the number of words tells which is meant. */
final class TwoForms implements Choice {
  private final OnSelected redis;
  private final Command ours;
  private final int most;

  private TwoForms(OnSelected redis, Command ours) {
    this.redis = redis;
    this.ours = ours;
    most = Usage.of(redis).most();
  }

  /** {@code redis}, and {@code ours} too if that has more words than it. */
  static Command of(OnSelected redis, Command ours) {
    boolean isBoth = ours != null && Usage.of(ours).least() > Usage.of(redis).most();
    return isBoth ? new TwoForms(redis, ours) : redis;
  }

  OnSelected redis() {
    return redis;
  }

  /** With names for both forms, and in brackets what only ours has. */
  @Override
  public String usage() {
    String[] typed = redis.usage().split(" ");
    String[] named = ours.usage().replaceAll("[\\[\\]]", "").split(" ");
    StringBuilder usage = new StringBuilder(verb());
    for (int i = 1; i < named.length; i++)
      usage.append(i < typed.length ? " " + typed[i] + "-or-" + named[i] : " [" + named[i] + "]");
    return usage.toString();
  }

  @Override
  public String verb() {
    return redis.verb();
  }

  @Override
  public String summary() {
    return redis.summary();
  }

  @Override
  public Access access() {
    return redis.access();
  }

  @Override
  public Command find(Words words) {
    return words.count() > most ? ours : redis;
  }

  @Override
  public String fault(Words words) {
    return RedisCommands.wrongNumber(verb());
  }
}
