package kv.observer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What waits for one page. */
class OutboxTest {
  private static final byte[] EVENT = {1, 2, 3};

  private final Outbox page = new Outbox();

  @Test
  void givesWhatCameFirstFirst() throws InterruptedException {
    byte[] second = {4};
    assertThat(page.offer(EVENT)).isTrue();
    assertThat(page.offer(second)).isTrue();
    assertThat(page.take()).isSameAs(EVENT);
    assertThat(page.take()).isSameAs(second);
  }

  @Test
  void takesNoMoreThanItsBound() throws InterruptedException {
    byte[] half = new byte[Outbox.MAX_BYTES / 2];
    assertThat(page.offer(half)).isTrue();
    assertThat(page.offer(half)).isTrue();
    page.take();
    assertThat(page.offer(half)).as("there is room again").isTrue();
    assertThat(page.offer(EVENT)).as("the one that is too much").isTrue();
    assertThat(page.offer(EVENT)).isFalse();
  }

  @Test
  void hasRoomForAnyEventWhileItIsNotFull() throws InterruptedException {
    byte[] huge = new byte[Outbox.MAX_BYTES + 1];
    page.offer(EVENT);
    assertThat(page.offer(huge)).isTrue();
    assertThat(page.take()).isSameAs(EVENT);
    assertThat(page.take()).isSameAs(huge);
  }

  @Test
  void whoHasMissedSomethingIsToldNothingMore() throws InterruptedException {
    page.offer(new byte[Outbox.MAX_BYTES + 1]);
    page.offer(EVENT);
    assertThat(page.take()).isNull();
    assertThat(page.offer(EVENT)).isFalse();
  }

  @Test
  void closeWakesWhoWaits() throws Exception {
    CompletableFuture<byte[]> taken = new CompletableFuture<>();
    Thread reader = new Thread(() -> taken.complete(taking()));
    reader.start();
    page.close();
    assertThat(taken.get()).isNull();
    reader.join();
  }

  private byte[] taking() {
    try {
      return page.take();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
