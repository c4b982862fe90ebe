package kv.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AllocationTest {
  private static final int BATCHES = 10_000;
  private static final int PIPELINE = 10;

  private final Settings settings = Settings.of(List.of("pipeline=" + PIPELINE));
  private final Exchange put = Exchange.put(settings);
  private final Exchange get = Exchange.get(settings);
  private final Tally tally = new Tally();

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Test
  void batchesAreMadeCheckedAndCountedWithoutAny() throws Exception {
    Plan plan = Plan.random(1000, 50, new SplittableRandom(1));
    ReplyChecker replies = new ReplyChecker(Framing.LINE, put, get, PIPELINE);
    ByteBuffer in = ByteBuffer.allocate(PIPELINE * get.reply().length);
    try (SocketChannel channel = SocketChannel.open()) {
      BenchClient client = new BenchClient(1, channel, settings, put, get);
      run(client, plan, replies, in, 1); // what is only made once
      long before = allocatedBytes();
      run(client, plan, replies, in, BATCHES);
      assertThat(allocatedBytes() - before).isLessThan(BATCHES); // less than a byte each
    }
    assertThat(tally.answered()).isEqualTo((BATCHES + 1) * PIPELINE);
    assertThat(tally.errors()).isZero();
  }

  private void run(
      BenchClient client, Plan plan, ReplyChecker replies, ByteBuffer in, int batches) {
    for (int i = 0; i < batches; i++) {
      client.prepare(plan);
      in.clear();
      replies.begin();
      for (int j = 0; j < PIPELINE; j++) {
        boolean isGet = plan.advance() && plan.isGet();
        replies.expect(isGet);
        in.put((isGet ? get : put).reply());
      }
      replies.take(in.array(), in.position());
      tally.answered(replies.asked(), i);
      if (replies.wrong() > 0 || replies.left() > 0) tally.failed(1, replies.firstWrong());
    }
  }
}
