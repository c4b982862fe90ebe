package kv.command;

import java.util.ArrayList;
import java.util.List;
import kv.store.Bytes;

/** Writes down which answers it was given, each as a short text. */
final class TextReply implements Reply {
  private final List<String> given = new ArrayList<>();

  /** All answers, in order. */
  List<String> given() {
    return given;
  }

  @Override
  public void ok() {
    given.add("ok");
  }

  @Override
  public void value(Bytes value) {
    given.add("value " + value);
  }

  @Override
  public void missing() {
    given.add("missing");
  }

  @Override
  public void notFound() {
    given.add("not found");
  }

  @Override
  public void unknownCommand() {
    given.add("unknown command");
  }

  @Override
  public void error(String reason) {
    given.add("error " + reason);
  }
}
