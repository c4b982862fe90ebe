package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a failure of a call that is several clients' is told from others. */
class LinkShareFailureTest {
  private static final String DOUBT = "; the command may have been carried out";

  private PeerDouble bar;

  @BeforeEach
  void start() throws Exception {
    bar = PeerDouble.start("bar", Wire::okToAll);
  }

  @AfterEach
  void stop() throws Exception {
    bar.close();
  }

  @Test
  void isOneOfTimeIfThePeerGivesNoAnswerInTime() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    bar.answerShared(
        shared -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return shared;
        });
    Link link = Links.to(bar.address(), Routing.LONG, Duration.ofSeconds(3));
    CallFailedException failure = failure(link);
    over.countDown();
    String what = "node " + bar.address() + " gave no answer in 3000 ms";
    assertThat(failure.isOutOfTime()).isTrue();
    assertThat(failure).hasMessage(what + DOUBT);
    assertThat(failure.ofUnsent())
        .hasMessage(what + "; the command was not carried out")
        .hasCause(failure);
  }

  @Test
  void isNoneOfTimeIfThePeerBreaksOff() throws Exception {
    bar.answerShared(PeerDouble::failsRemotely);
    assertThat(failure(Links.to(bar.address(), Routing.LONG, Routing.LONG)).isOutOfTime())
        .isFalse();
  }

  @Test
  void isNoneOfTimeIfThePeerIsNotThere() throws Exception {
    bar.close();
    Link link = Links.to(bar.address(), Routing.LONG, Routing.LONG);
    assertThat(failure(link).isOutOfTime()).isFalse();
    assertThatThrownBy(() -> link.share(new byte[0], 0))
        .hasMessage("node " + bar.address() + " is unreachable: connection refused");
  }

  private CallFailedException failure(Link link) {
    return catchThrowableOfType(
        CallFailedException.class, () -> link.share(Wire.shared(new byte[1]), 1));
  }
}
