package kv.server.verbs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import kv.user.FliesBy;
import kv.user.HoldsOn;
import kv.user.KnownUsers;
import kv.user.Logins;
import kv.user.Logins.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that waits to be let in. */
class CallerTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @TempDir Path folder;
  private final HoldsOn derivation = new HoldsOn();
  private final StopSign stop = new StopSign();
  private final List<Boolean> wereInterrupted = new ArrayList<>();

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private boolean isGone() {
    stop.give(Thread.currentThread());
    wereInterrupted.add(Thread.currentThread().isInterrupted());
    return false;
  }

  @Test
  void isStoppedOnlyWhenNobodyLooksAtItsSocket() throws Exception {
    Path file = KnownUsers.write(folder, "alice admin secret");
    Logins logins = Logins.of(file, derivation, new FliesBy());
    FutureTask<Outcome> first =
        new FutureTask<>(() -> logins.attempt(HERE, bytes("x"), bytes("x"), () -> false));
    new Thread(first, "first").start();
    derivation.awaitEntered();
    Caller caller = new Caller(logins, stop, HERE, this::isGone);
    stop.startAsking();
    assertThatThrownBy(() -> caller.attempt(bytes("alice"), bytes("secret")))
        .isInstanceOf(InterruptedException.class);
    stop.stopAsking();
    assertThat(wereInterrupted).containsExactly(false);
    derivation.letGo();
    first.get();
  }
}
