package kv.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import kv.memory.Memory;
import kv.router.peer.PeerServer;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the answers to peers take of the memory for clients. */
class PeerServerMemoryTest {
  private static final List<String> PATH = List.of("qux");
  private static final long LIMIT = 1_000_000;

  private final Memory memory = Memory.of(LIMIT);
  private Storage storage;
  private PeerServer server;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    Bucket bucket = storage.create(Bytes.of("b"));
    bucket.put(Bytes.of("small"), Bytes.of("v"));
    bucket.put(Bytes.of("long"), Bytes.of(new byte[100_000]));
    Router router = Routing.router(memory, "foo", storage);
    server = Routing.serve(router, "127.0.0.1", 0, Routing.connections());
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.proc().stop();
    storage.close();
  }

  private List<String> ask(String... requests) {
    return Wire.replies(server.call(Wire.call(PATH, requests)));
  }

  @Test
  void aValueThatHasNoRoomIsRefusedAndWhatIsSmallIsNot() {
    memory.take(LIMIT - 50_000);
    assertThat(ask("GET b long", "GET b small", "PUT b small w", "GET b small"))
        .hasSize(4)
        .endsWith("value v", "OK", "value w")
        .first()
        .asString()
        .startsWith("ERROR out of memory: ");
    assertThat(memory.refused()).isEqualTo(1);
    assertThat(memory.held()).isEqualTo(LIMIT - 50_000);
  }

  @Test
  void aRequestWhoseWordsHaveNoRoomIsRefusedAndThoseAroundItAreNot() {
    memory.take(LIMIT - 20_000);
    assertThat(ask("PUT b small w", "GET" + " w".repeat(5000), "GET b small"))
        .hasSize(3)
        .startsWith("OK")
        .endsWith("value w")
        .element(1)
        .asString()
        .startsWith("ERROR out of memory: ");
    assertThat(memory.held()).isEqualTo(LIMIT - 20_000);
  }

  @Test
  void theWordsOfARequestAreGivenBackWhenItIsAnswered() {
    assertThat(ask("GET" + " w".repeat(5000))).containsExactly("UNKNOWN COMMAND");
    assertThat(memory.held()).isZero();
  }

  @Test
  void anAnswerEndsWhenThereIsNoRoomForAFurtherSmallReply() {
    String[] unknown = Collections.nCopies(300, "N".repeat(100)).toArray(String[]::new);
    int all = ask(unknown).size();
    memory.take(LIMIT);
    assertThat(ask(unknown)).hasSizeBetween(50, 99);
    assertThat(all).isEqualTo(300);
  }
}
