package kv.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import kv.otp.Proc;
import kv.testing.LogCapture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Ids that are no good. */
class EventIdTest {
  private final List<String> log = Recorder.newLog();
  private final EventManager<String> manager = EventManager.start("events");

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  @Nested
  class ThatChange {
    private final List<String> id = new ArrayList<>();
    private final List<Removal> told = new ArrayList<>();

    @Test
    void doNotKeepAHandlerThatFails(LogCapture logged) throws Exception {
      logged.allow("events removes handler");
      EventHandler<String> fails = new FailsOnEvent(new IOException("broken"), log);
      manager.add(id, fails, Proc.passive("owner"), told::add);
      id.add("changed");
      manager.syncNotify("x");
      manager.syncNotify("y");
      assertThat(log).containsExactly("fails init", "fails x", "fails terminate");
      assertThat(told).hasSize(1);
      assertThat(manager.handlers()).isEmpty();
    }

    @Test
    void doNotKeepAHandlerWhoseOwnerEnds() throws Exception {
      Proc owner = Proc.passive("owner");
      manager.add(id, new Recorder("a", log), owner);
      id.add("changed");
      owner.kill();
      assertThat(manager.handlers()).isEmpty();
    }

    @Test
    void areFoundByWhatTheyAreNow() throws Exception {
      manager.add(id, new Recorder("a", log));
      id.add("changed");
      assertThat(manager.remove(List.of(), null)).isEqualTo(EventResult.NOT_FOUND);
      assertThat(manager.remove(List.of("changed"), null))
          .isEqualTo(new EventResult.Removed("bye from a"));
    }
  }

  @Nested
  class ThatCannotBeCompared {
    private final RuntimeException failure = new IllegalStateException("incomparable");
    private final Object id =
        new Object() {
          @Override
          public boolean equals(Object other) {
            throw failure;
          }

          @Override
          public int hashCode() {
            throw failure;
          }
        };

    @Test
    void failWithoutHarmToTheManager() throws Exception {
      manager.add("a", new Recorder("a", log));
      assertFails(() -> manager.add(id, new Recorder("b", log)));
      assertFails(() -> manager.remove(id, null));
      assertFails(() -> manager.call(id, null));
      assertFails(() -> manager.swap(id, null, "b", past -> new Recorder("b", log)));
      assertFails(() -> manager.swap("a", null, id, past -> new Recorder("b", log)));
      assertThat(manager.handlers()).containsExactly("a");
    }

    private void assertFails(ThrowingCallable request) {
      assertThatThrownBy(request).isSameAs(failure);
    }
  }

  @Nested
  class ThatAreUnlikeThemselves {
    @Test
    void areRefused() throws Exception {
      Object id =
          new Object() {
            @Override
            public boolean equals(Object other) {
              return false;
            }

            @Override
            public int hashCode() {
              return 0;
            }
          };
      assertThatThrownBy(() -> manager.add(id, new Recorder("a", log)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("an id unlike itself");
      assertThat(manager.handlers()).isEmpty();
    }
  }
}
