package kv.server;

import java.util.Optional;
import kv.log.LoadingException;
import kv.otp.ExitedException;
import kv.store.Storage;

/** Whether a node is ready for clients. Safe for use by any thread, none of which waits. */
final class Readiness {
  private final Storage storage;

  /** Empty while it is neither starting nor stopping. */
  private volatile Optional<String> stage = Optional.of("the node is starting");

  /** That of a node which starts now, and keeps its buckets in {@code storage}. */
  Readiness(Storage storage) {
    this.storage = storage;
  }

  void started() {
    stage = Optional.empty();
  }

  /** To be called before any part of the node stops. */
  void stopping() {
    stage = Optional.of("the node is stopping");
  }

  /** Why it is not ready, as clients are told. */
  Optional<String> whyNot() {
    if (stage.isPresent()) return stage;
    try {
      storage.ensureLoaded();
    } catch (LoadingException | ExitedException e) {
      return Optional.of(e.getMessage());
    }
    return storage
        .logFigures()
        .filter(log -> !log.trouble().isEmpty())
        .map(log -> "storage " + log.state() + ": " + log.trouble());
  }
}
