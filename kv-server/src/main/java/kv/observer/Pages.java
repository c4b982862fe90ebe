package kv.observer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * The pages that are open, and what all of them are told. Outlives the parts of the observer. Safe
 * for use by any thread.
 */
final class Pages {
  /** Guarded by this, as is what follows. */
  private final History history;

  private final List<Outbox> open = new ArrayList<>();

  /** Those that do not know yet what the others were told. */
  private final List<Outbox> newcomers = new ArrayList<>();

  /** None yet; each is told the {@code history} first, which is for this alone to change. */
  Pages(History history) {
    this.history = history;
  }

  /** The bytes of an event of {@code type}, as a stream of events has it; the data is one line. */
  static byte[] event(String type, String json) {
    return ("event: " + type + "\ndata: " + json + "\n\n").getBytes(UTF_8);
  }

  /** Adds a sample to the history, and tells all pages. */
  synchronized void addSample(String sample) {
    history.add(sample);
    byte[] event = event("sample", sample);
    tell(event);
    newcomers.removeIf(page -> !page.offer(event));
  }

  /** Tells all pages that have been welcomed; one that takes nothing any more is dropped. */
  synchronized void tell(byte[] event) {
    open.removeIf(page -> !page.offer(event));
  }

  /** Opens a page, which is told {@code hello} and the history before all else. */
  synchronized Outbox open(byte[] hello) {
    Outbox page = new Outbox();
    page.offer(hello);
    page.offer(event("history", history.json()));
    newcomers.add(page);
    notifyAll();
    return page;
  }

  synchronized void close(Outbox page) {
    page.close();
    open.remove(page);
    newcomers.remove(page);
  }

  synchronized boolean hasNewcomers() {
    return !newcomers.isEmpty();
  }

  /** Tells those who are new {@code all} that the others know already. */
  synchronized void welcome(List<byte[]> all) {
    newcomers.removeIf(page -> !all.stream().allMatch(page::offer));
    open.addAll(newcomers);
    newcomers.clear();
  }

  /** Waits until there is a page. */
  synchronized void awaitOne() throws InterruptedException {
    while (open.isEmpty() && newcomers.isEmpty()) wait();
  }
}
