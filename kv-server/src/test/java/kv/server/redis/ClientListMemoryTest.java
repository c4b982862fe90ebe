package kv.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import kv.command.Words;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.server.verbs.Caller;
import kv.server.verbs.StopSign;
import kv.server.wire.ReplyBuffer;
import kv.server.wire.RespReplies;
import kv.server.wire.Written;
import kv.user.Logins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a list of all clients may take while it is written. */
class ClientListMemoryTest {
  private static final int CLIENTS = 500;

  private final RedisCommands commands =
      new RedisCommands(List.of(), null, null, null, Map.of());
  private RedisClient client;

  @BeforeEach
  void connect() {
    InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    StopSign stop = new StopSign();
    for (int i = 0; i < CLIENTS; i++) {
      Caller caller = new Caller(Logins.ofEverybody(), stop, here.getAddress(), () -> false);
      client = commands.client(caller, here, here);
      commands.opened(client);
    }
  }

  private void list(Memory memory, OutputStream target) throws Exception {
    list(memory, target, 0);
  }

  /** Lists those of {@code ids} numbers, or all; each number is that of nobody. */
  private void list(Memory memory, OutputStream target, int ids) throws Exception {
    byte[] request = "CLIENTLISTID999999".getBytes(US_ASCII);
    Words words = new Words();
    words.reset(request);
    words.add(0, 6);
    words.add(6, 10);
    if (ids > 0) words.add(10, 12);
    for (int i = 0; i < ids; i++) words.add(12, 18);
    ReplyBuffer buffer = new ReplyBuffer(target, memory, () -> true, () -> {});
    try {
      ((Verb) commands.find(words)).run(words, new RespReplies(buffer), client);
      buffer.write();
    } finally {
      buffer.close();
    }
  }

  @Test
  void countsUntilItIsWritten() throws Exception {
    Memory memory = Memory.of(1_000_000);
    Written written = new Written(memory);
    list(memory, written);
    String reply = written.text();
    int length = Integer.parseInt(reply.substring(1, reply.indexOf("\r\n")));
    assertThat(reply).hasSize(length + ("$" + length + "\r\n\r\n").length());
    assertThat(reply.lines().filter(line -> line.startsWith("id="))).hasSize(CLIENTS);
    assertThat(written.heldMost()).isGreaterThan(length / 2);
    assertThat(memory.held()).isZero();
  }

  @Test
  void isRefusedIfThereIsNoRoomForTheNumbersThatAreAskedFor() throws Exception {
    Memory memory = Memory.of(20_000);
    list(memory, OutputStream.nullOutputStream(), 2000);
    assertThatThrownBy(() -> list(memory, OutputStream.nullOutputStream(), 3000))
        .isInstanceOf(MemoryFullException.class);
    assertThat(memory.held()).isZero();
  }

  @Test
  void isRefusedIfThereIsNoRoom() {
    Memory memory = Memory.of(20_000);
    assertThatThrownBy(() -> list(memory, OutputStream.nullOutputStream()))
        .isInstanceOf(MemoryFullException.class);
    assertThat(memory.held()).isZero();
  }
}
