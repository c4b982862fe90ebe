package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private final Mailbox mailbox = new Mailbox(Clock.SYSTEM);
  private final GenServer.Message one = () -> {};
  private final GenServer.Message two = () -> {};

  @Test
  void givesFirstWhatCameFirst() throws Exception {
    assertThat(mailbox.put(one)).isTrue();
    assertThat(mailbox.put(two, 2)).isTrue();

    assertThat(mailbox.take()).isSameAs(one);
    assertThat(mailbox.take()).isSameAs(two);
  }

  @Test
  void hasTheReceiverWaitForTheNextMessage() throws Exception {
    CountDownLatch taking = new CountDownLatch(1);
    FutureTask<GenServer.Message> receiver =
        Doubles.inBackground(
            () -> {
              taking.countDown();
              return mailbox.take();
            });
    taking.await();
    mailbox.put(one);

    assertThat(receiver.get()).isSameAs(one);
  }

  @Test
  void hasASenderWaitWhileItIsFull() throws Exception {
    mailbox.put(one, 1);
    CountDownLatch putting = new CountDownLatch(1);
    FutureTask<Boolean> sender =
        Doubles.inBackground(
            () -> {
              putting.countDown();
              return mailbox.put(two, 1);
            });
    putting.await();
    assertThat(mailbox.take()).isSameAs(one);

    assertThat(sender.get()).isTrue();
    assertThat(mailbox.take()).isSameAs(two);
  }

  @Test
  void takesAnyNumberOfMessagesWithoutACapacity() throws Exception {
    mailbox.put(one);

    assertThat(mailbox.put(two)).isTrue();
  }

  @Test
  void givesNothingOnceItIsClosedNotEvenWhatWasWaiting() throws Exception {
    mailbox.put(one);
    mailbox.close();

    assertThat(mailbox.take()).isNull();
  }

  @Test
  void takesNothingOnceItIsClosed() throws Exception {
    mailbox.close();

    assertThat(mailbox.put(one)).isFalse();
    assertThat(mailbox.put(one, 0)).isFalse();
    assertThat(mailbox.take()).isNull();
  }

  @Test
  void releasesAWaitingReceiverWhenItIsClosed() throws Exception {
    for (int round = 0; round < 200; round++) {
      Mailbox closing = new Mailbox(Clock.SYSTEM);
      CountDownLatch taking = new CountDownLatch(1);
      FutureTask<GenServer.Message> receiver =
          Doubles.inBackground(
              () -> {
                taking.countDown();
                return closing.take();
              });
      taking.await();
      closing.close();

      assertThat(receiver.get()).isNull();
    }
  }

  @Test
  void releasesAWaitingSenderWhenItIsClosed() throws Exception {
    for (int round = 0; round < 200; round++) {
      Mailbox closing = new Mailbox(Clock.SYSTEM);
      CountDownLatch putting = new CountDownLatch(1);
      FutureTask<Boolean> sender =
          Doubles.inBackground(
              () -> {
                putting.countDown();
                return closing.put(one, 0);
              });
      putting.await();
      closing.close();

      assertThat(sender.get()).isFalse();
    }
  }
}
