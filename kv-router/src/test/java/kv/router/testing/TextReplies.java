package kv.router.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import kv.command.Listing;
import kv.command.Listing.CutOffException;
import kv.command.Reply;
import kv.store.Bytes;

/** Keeps replies as text, a char for each byte. */
public final class TextReplies implements Reply {
  private final List<String> replies = new ArrayList<>();
  private Runnable beforeWord = () -> {};
  private final Runnable spill;

  public TextReplies() {
    this(() -> {});
  }

  /** Those that {@code spill} passes on, or so it says. */
  public TextReplies(Runnable spill) {
    this.spill = spill;
  }

  /** Has {@code action} run before each word of a listing is read. */
  public void beforeEveryWord(Runnable action) {
    beforeWord = action;
  }

  /** What has been answered since this was asked last. */
  public List<String> take() {
    List<String> all = List.copyOf(replies);
    replies.clear();
    return all;
  }

  @Override
  public boolean makeRoom() {
    spill.run();
    return true;
  }

  @Override
  public void ok() {
    replies.add("OK");
  }

  @Override
  public void value(Bytes value) {
    replies.add("value " + new String(value.toByteArray(), ISO_8859_1));
  }

  @Override
  public void missing() {
    replies.add("missing");
  }

  @Override
  public void notFound() {
    replies.add("NOT FOUND");
  }

  @Override
  public void unknownCommand(Bytes verb) {
    replies.add("UNKNOWN COMMAND");
  }

  @Override
  public void number(long number) {
    replies.add("number " + number);
  }

  @Override
  public void status(String word) {
    replies.add("status " + word);
  }

  @Override
  public void list(Listing words) {
    list("list", words);
  }

  @Override
  public void page(long cursor, Listing words) {
    list("page " + cursor, words);
  }

  private void list(String kind, Listing words) {
    StringBuilder all = new StringBuilder(kind);
    try {
      while (words.left() > 0) {
        beforeWord.run();
        Bytes word = words.next();
        all.append(' ');
        all.append(word == null ? "(none)" : new String(word.toByteArray(), ISO_8859_1));
      }
    } catch (CutOffException e) {
      all.append(" ERROR ").append(e.getMessage());
    }
    replies.add(all.toString());
  }

  @Override
  public void error(String reason) {
    replies.add("ERROR " + reason);
  }

  @Override
  public void loading(int percent) {
    replies.add("LOADING " + percent);
  }
}
