package kv.event;

import static org.assertj.core.api.Assertions.assertThat;

import kv.otp.Proc;
import kv.testing.Heard;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A heap that runs out in a handler's code is not the handler's alone. */
class EventOutOfHeapTest {
  private final OutOfMemoryError error = new OutOfMemoryError("Java heap space");
  private final Heard heard = new Heard();
  private final EventManager<String> manager = EventManager.start("events");

  /** Fails in the method of that name. */
  private final class Fails implements EventHandler<String> {
    private final String where;

    Fails(String where) {
      this.where = where;
    }

    private void at(String place) {
      heard.listen();
      if (place.equals(where)) throw error;
    }

    @Override
    public void init() {
      at("init");
    }

    @Override
    public void handle(String event) {
      at("handle");
    }

    @Override
    public Object call(Object request) {
      at("call");
      return "answer";
    }

    @Override
    public Object terminate(Removal cause) {
      at("terminate");
      return null;
    }
  }

  @BeforeEach
  void allow(LogCapture log) {
    log.allow("events removes handler a|events: terminate of a failed|owner failed to hear");
  }

  @AfterEach
  void stop() throws Exception {
    manager.proc().stop();
    assertThat(heard.thrown()).containsExactly(error);
  }

  @Test
  void isHeardOfAnInit() throws Exception {
    assertThat(manager.add("a", new Fails("init"))).isEqualTo(new EventResult.Failed(error));
  }

  @Test
  void isHeardOfAnEvent() throws Exception {
    manager.add("a", new Fails("handle"));
    manager.syncNotify("x");
    assertThat(manager.handlers()).isEmpty();
  }

  @Test
  void isHeardOfACall() throws Exception {
    manager.add("a", new Fails("call"));
    assertThat(manager.call("a", "request")).isEqualTo(new EventResult.Failed(error));
  }

  @Test
  void isHeardOfATerminate() throws Exception {
    manager.add("a", new Fails("terminate"));
    manager.remove("a", "argument");
  }

  @Test
  void isHeardOfAnOwnerWhoIsTold() throws Exception {
    Proc owner = Proc.passive("owner");
    manager.add(
        "a",
        new Fails("nowhere"),
        owner,
        removal -> {
          throw error;
        });
    manager.remove("a", "argument");
  }
}
