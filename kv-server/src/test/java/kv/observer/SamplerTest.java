package kv.observer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import kv.command.Command;
import kv.command.Words;
import kv.figures.Tally;
import kv.figures.Traffic;
import kv.memory.Memory;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Task;
import kv.router.Router;
import kv.router.link.LinkRules;
import kv.router.wire.KeepAlive;
import kv.server.verbs.Commands;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sample each second. */
class SamplerTest {
  private final ManualClock clock = new ManualClock();
  private final BlockingQueue<String> samples = new LinkedBlockingQueue<>();
  private final Traffic traffic = new Traffic(true);
  private Storage storage;
  private Proc sampler;

  @BeforeEach
  void start() throws InterruptedException {
    storage = Storage.start();
    LinkRules rules =
        new LinkRules(
            Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Optional.empty(), KeepAlive.OFF);
    Router router = new Router("kv", Optional.empty(), storage, rules, Memory.of(1000));
    Watched watched =
        new Watched("1", new Name<>("node"), storage, router, traffic, null, false);
    sampler = Task.start("figures", new Sampler(watched, samples::add, clock));
  }

  @AfterEach
  void stop() throws InterruptedException {
    sampler.kill();
    sampler.awaitExit();
    storage.close();
  }

  private String sample() throws InterruptedException {
    clock.awaitParked();
    clock.advance(Duration.ofSeconds(1));
    return samples.take();
  }

  private static Command command(String verb) {
    return Commands.manual().stream()
        .filter(one -> one.verb().equals(verb))
        .findFirst()
        .orElseThrow();
  }

  private void ask(String verb, int times) {
    Tally tally = traffic.tally();
    Words words = new Words();
    byte[] line = verb.getBytes(US_ASCII);
    words.reset(line);
    words.add(0, line.length);
    tally.arrived();
    for (int i = 0; i < times; i++) tally.asked(command(verb), words);
    tally.tell();
    tally.answered();
  }

  @Test
  void ofANodeThatDoesNothing() throws InterruptedException {
    assertThat(sample())
        .startsWith("{\"at\":" + clock.systemMillis() + ",\"requests\":{},")
        .contains("\"p50\":null", "\"connections\":0", "\"buckets\":0", "\"log\":null")
        .contains("\"clients\":{");
  }

  @Test
  void countsWhatWasAskedInThatSecond() throws InterruptedException {
    ask("GET", 3); // before the sampler's first look, perhaps
    sample();
    ask("GET", 5);
    ask("PUT", 2);
    assertThat(sample()).contains("\"requests\":{\"GET\":5.0,\"PUT\":2.0}").doesNotContain(
        "\"p99\":null");
    assertThat(sample()).contains("\"requests\":{}", "\"p99\":null");
  }

  @Test
  void aSecondThatLastedLongerIsStillASecond() throws InterruptedException {
    sample();
    ask("GET", 5);
    clock.awaitParked();
    clock.advance(Duration.ofSeconds(2));
    assertThat(samples.take()).contains("\"requests\":{\"GET\":2.5}");
  }

  @Test
  void tellsWhatTheBucketsHold() throws Exception {
    storage.create(Bytes.of("shopping")).put(Bytes.of("milk"), Bytes.of("1"));
    assertThat(sample()).contains("\"buckets\":1,\"keys\":1");
  }

  @Test
  void tenMinutesAreKept() {
    History history = new History();
    for (int i = 0; i < 601; i++) history.add("" + i);
    List<String> kept = List.of(history.json().replaceAll("[^0-9,]", "").split(","));
    assertThat(kept).hasSize(600).startsWith("1").endsWith("600");
  }
}
