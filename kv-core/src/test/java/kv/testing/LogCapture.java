package kv.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;

/**
 * What the code under test logs while a test runs. A record at WARNING or above that the test has
 * not allowed fails it. A test gets its capture as a parameter.
 */
public final class LogCapture extends Handler {
  private static final Logger ROOT = Logger.getLogger("kv");
  private static final SimpleFormatter FORMATTER = new SimpleFormatter();

  private final List<LogRecord> records = new ArrayList<>();
  private final List<Predicate<String>> allowed = new ArrayList<>();

  void install() {
    ROOT.setUseParentHandlers(false);
    ROOT.setLevel(Level.ALL);
    ROOT.addHandler(this);
  }

  void uninstall() {
    ROOT.removeHandler(this);
  }

  /** Allows records whose message contains a match of {@code regex}. */
  public synchronized LogCapture allow(String regex) {
    allowed.add(Pattern.compile(regex).asPredicate());
    return this;
  }

  /** The messages at {@code level} or above, in the order in which they were logged. */
  public synchronized List<String> messages(Level level) {
    return records.stream()
        .filter(r -> r.getLevel().intValue() >= level.intValue())
        .map(FORMATTER::formatMessage)
        .toList();
  }

  /** The records themselves, with levels and stack traces. */
  public synchronized List<LogRecord> records() {
    return List.copyOf(records);
  }

  /** Waits until a message that contains {@code text} is logged. */
  public synchronized void await(String text) throws InterruptedException {
    while (messages(Level.ALL).stream().noneMatch(message -> message.contains(text))) wait();
  }

  synchronized List<String> unexpected() {
    return messages(Level.WARNING).stream()
        .filter(message -> allowed.stream().noneMatch(a -> a.test(message)))
        .toList();
  }

  @Override
  public synchronized void publish(LogRecord record) {
    records.add(record);
    notifyAll();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
