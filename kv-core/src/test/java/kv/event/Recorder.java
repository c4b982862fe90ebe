package kv.event;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Writes down what it is told under its name, in a log that it may share; answers whoever asks. */
class Recorder implements EventHandler<String> {
  /** Completed by {@link #terminate}. */
  final CompletableFuture<Removal> removal = new CompletableFuture<>();

  private final String name;
  private final List<String> log;

  Recorder(String name, List<String> log) {
    this.name = requireNonNull(name, "name");
    this.log = log;
  }

  static List<String> newLog() {
    return Collections.synchronizedList(new ArrayList<>());
  }

  @Override
  public void init() throws Exception {
    log.add(name + " init");
  }

  @Override
  public void handle(String event) throws Exception {
    log.add(name + " " + event);
  }

  @Override
  public Object call(Object request) throws Exception {
    log.add(name + " call " + request);
    return name + " has heard " + request;
  }

  @Override
  public Object terminate(Removal cause) throws Exception {
    log.add(name + " terminate");
    removal.complete(cause);
    return "bye from " + name;
  }
}
