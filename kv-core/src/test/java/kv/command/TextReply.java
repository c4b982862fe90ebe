package kv.command;

import java.util.ArrayList;
import java.util.List;
import kv.command.Listing.CutOffException;
import kv.store.Bytes;

/** Writes down which answers it was given, each as a short text. */
public class TextReply implements Reply {
  private final List<String> given = new ArrayList<>();

  /** All answers, in order. */
  public List<String> given() {
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
  public void unknownCommand(Bytes verb) {
    given.add("unknown command " + verb);
  }

  @Override
  public void number(long number) {
    given.add("number " + number);
  }

  @Override
  public void status(String word) {
    given.add("status " + word);
  }

  @Override
  public void list(Listing words) {
    list("list ", words);
  }

  @Override
  public void page(long cursor, Listing words) {
    list("page " + cursor + " ", words);
  }

  private void list(String kind, Listing words) {
    List<String> all = new ArrayList<>();
    try {
      while (words.left() > 0) all.add(String.valueOf(words.next()));
      given.add(kind + all);
    } catch (CutOffException e) {
      given.add(kind + all + " cut off: " + e.getMessage());
    }
  }

  @Override
  public void error(String reason) {
    given.add("error " + reason);
  }

  @Override
  public void loading(int percent) {
    given.add("loading " + percent);
  }
}
