package kv.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kv.otp.ExitedException;
import kv.router.testing.RouterClient;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import kv.store.Bytes;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a batch does for a worker that has ended: nothing. */
class BatchWorkerTest {
  private Storage storage;
  private PeerDouble bar;
  private RouterClient client;

  @BeforeEach
  void startPeer() throws Exception {
    storage = Storage.start();
    bar = PeerDouble.start("bar", this::killsTheCaller);
    client =
        new RouterClient(Routing.router("foo", storage, "f=foo@127.0.0.1:1", "b=" + bar.address()));
  }

  @AfterEach
  void stopPeer() throws Exception {
    bar.close();
    storage.close();
  }

  /** Answers the first command alone, so that it is asked again for the others. */
  private byte[] killsTheCaller(byte[] call) {
    client.worker().kill();
    return Wire.oks(1);
  }

  @Test
  void runsNoCommandOfADeadWorkerHere() {
    client.worker().kill();
    assertEnds("CREATE f");
    assertHolds("f", false);
  }

  @Test
  void runsNoCommandOfADeadWorkerWithoutATableEither() {
    client = new RouterClient(Routing.router("foo", storage));
    client.worker().kill();
    assertEnds("CREATE f");
    assertHolds("f", false);
  }

  @Test
  void runsNothingHereForAWorkerThatWasKilledWhileItWaitedForAPeer() {
    assertEnds("GET b k", "CREATE f");
    assertThat(client.replies()).containsExactly("OK");
    assertHolds("f", false);
  }

  @Test
  void sendsNothingToAPeerForADeadWorker() throws Exception {
    client.send("GET b k");
    client.worker().kill();
    assertEnds();
    assertThat(bar.calls()).isEmpty();
  }

  @Test
  void asksAPeerForNothingMoreOnceTheWorkerWasKilledWhileItWaited() {
    assertEnds("GET b 1", "GET b 2");
    assertThat(client.replies()).containsExactly("OK");
    assertThat(bar.calls()).hasSize(1);
  }

  private void assertEnds(String... requests) {
    assertThatThrownBy(() -> client.ask(requests)).isInstanceOf(ExitedException.class);
  }

  private void assertHolds(String bucket, boolean expected) {
    assertThat(storage.lookup(Bytes.of(bucket)).isPresent()).isEqualTo(expected);
  }
}
