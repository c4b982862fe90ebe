package kv.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import kv.figures.Traffic;
import kv.memory.Memory;
import kv.otp.Proc;
import kv.router.Router;
import kv.router.link.LinkRules;
import kv.router.table.RoutingTable;
import kv.server.testing.FooAndBar;
import kv.server.testing.Resp;
import kv.server.testing.ScriptedSocket.Meanwhile;
import kv.server.testing.ScriptedSocket;
import kv.server.wire.Limits;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.LogCapture;
import kv.user.Logins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A listing of another node that is restarted exactly when the first part of the listing is on its
 * way to the client. Every key is a part of its own.
 */
public class CutOffReplyTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int KEYS = 4;
  private static final String ZOO = "z".repeat(256 * 1024);
  private static final String OXEN = "o".repeat(256 * 1024);
  private static final String CUT_OFF =
      "ERROR the listing ends here: it was read too slowly, or its node was restarted\r\n";

  @TempDir Path folder;
  private FooAndBar nodes;
  private Storage storage;
  private Session.Service service;

  @BeforeEach
  void start() throws Exception {
    nodes = new FooAndBar(folder);
    storage = Storage.start();
    Path table = folder.resolve("table.properties");
    Files.writeString(table, "n-z=" + nodes.barAddress(), US_ASCII);
    Router router =
        new Router(
            "baz",
            Optional.of(RoutingTable.read(table)),
            storage,
            new LinkRules(LONG, LONG, 64),
            Memory.unlimited());
    Traffic traffic = new Traffic(false);
    service =
        Services.of(
            router, storage, null, traffic, new Limits(1000, 1000), Logins.ofEverybody());
    fill("zoo", ZOO);
  }

  @AfterEach
  void stop() {
    storage.close();
    nodes.close();
  }

  private void fill(String name, String key) throws Exception {
    Bucket bucket = nodes.bar().storage().create(Bytes.of(name));
    for (int i = 0; i < KEYS; i++) bucket.put(Bytes.of(i + key), Bytes.of("v"));
  }

  /** All that a client gets that sends {@code requests}. */
  private String answer(String requests, Meanwhile beforeFirstWrite) throws Exception {
    try (ScriptedSocket socket = new ScriptedSocket(requests, beforeFirstWrite)) {
      new Clients(service, 1, true).admit(socket).run(Proc.passive("connection"));
      return socket.written().replace(ZOO, "ZOO").replace(OXEN, "OXEN");
    }
  }

  @Test
  void isWholeIfNothingHappens() throws Exception {
    assertThat(answer("KEYS zoo\r\nPING\r\n", () -> {}))
        .hasLineCount(KEYS + 2)
        .contains("0ZOO\r\n", "1ZOO\r\n", "2ZOO\r\n", "3ZOO\r\n")
        .endsWith("\r\nOK\r\nPONG\r\n");
  }

  @ParameterizedTest
  @EnumSource
  void endsWithTheErrorAndTheNextRequestIsAnswered(FooAndBar.Restart restart, LogCapture log)
      throws Exception {
    log.allow("child=peers event=child_terminated reason=killed");
    assertThat(answer("PING\r\nKEYS zoo\r\nPING\r\n", () -> restart.of(nodes)))
        .matches("PONG\r\n[0-3]ZOO\r\n" + CUT_OFF + "PONG\r\n");
  }

  @ParameterizedTest
  @EnumSource
  void inRespIsTheLastOfTheConnection(FooAndBar.Restart restart, LogCapture log)
      throws Exception {
    log.allow("child=peers event=child_terminated reason=killed");
    String keys = Resp.array("SELECT", "zoo") + Resp.array("KEYS", "*");
    String requests = keys + "PING\r\nCREATE zoo\r\n";
    assertThat(answer(requests, () -> restart.of(nodes)))
        .matches("\\+OK\r\n\\*4\r\n\\$262145\r\n[0-3]ZOO\r\n");
    assertThat(nodes.bar().storage().lookup(Bytes.of("zoo")).isPresent())
        .isEqualTo(restart == FooAndBar.Restart.OF_WHAT_ACCEPTS_PEERS);
  }

  /** Each life has kept one listing by then: only its number tells whose words are asked for. */
  @ParameterizedTest
  @EnumSource
  void doesNotGoOnWithTheWordsOfAListingThatTheNewLifeKeeps(
      FooAndBar.Restart restart, LogCapture log) throws Exception {
    log.allow("child=peers event=child_terminated reason=killed");
    CountDownLatch otherIsUnderWay = new CountDownLatch(1);
    CountDownLatch firstIsOver = new CountDownLatch(1);
    Callable<String> readOther =
        () ->
            answer(
                "KEYS oxen\r\n",
                () -> {
                  otherIsUnderWay.countDown();
                  firstIsOver.await();
                });
    FutureTask<String> other = new FutureTask<>(readOther);
    Meanwhile restartAndStartOther =
        () -> {
          restart.of(nodes);
          fill("oxen", OXEN);
          new Thread(() -> runAndTell(other, otherIsUnderWay), "other client").start();
          otherIsUnderWay.await();
        };
    try {
      assertThat(answer("KEYS zoo\r\n", restartAndStartOther)).matches("[0-3]ZOO\r\n" + CUT_OFF);
    } finally {
      firstIsOver.countDown();
    }
    assertThat(other.get()).matches("([0-3]OXEN\r\n){4}OK\r\n");
  }

  /** However it ends, nobody waits for it for ever. */
  private static void runAndTell(FutureTask<String> task, CountDownLatch end) {
    task.run();
    end.countDown();
  }
}
