package kv.server.verbs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Stream;
import kv.command.Access;
import kv.command.Command;
import kv.command.Words;
import kv.memory.Memory;
import kv.server.wire.LineReplies;
import kv.server.wire.ReplyBuffer;
import org.junit.jupiter.api.Test;

/** What HELP shows of usages that no command has yet. */
class HelpTest {
  private record Described(String usage) implements Command {
    @Override
    public String summary() {
      return "OK";
    }

    @Override
    public Access access() {
      return Access.NONE;
    }
  }

  private static List<String> helpOn(String... usages) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ReplyBuffer buffer = new ReplyBuffer(out, Memory.unlimited(), () -> true, () -> {});
    List<Command> commands = Stream.of(usages).<Command>map(Described::new).toList();
    new Help(commands).run(new Words(), new LineReplies(buffer), null);
    buffer.write();
    buffer.close();
    return out.toString(US_ASCII).lines().toList();
  }

  @Test
  void showsUsagesAsTheyAreWrittenInTwoColumns() throws Exception {
    assertThat(helpOn("INFO [topic]", "EXISTS bucket key ...", "PING", "QUIT"))
        .containsExactly(
            "INFO [topic]                            QUIT",
            "EXISTS bucket key ...                   HELP [verb]",
            "PING",
            "OK");
  }

  @Test
  void makesRoomForALongUsage() throws Exception {
    String longest = "SCAN bucket [from] [to] [pattern] [more ...]";
    assertThat(helpOn("PING", longest, "QUIT"))
        .containsExactly(
            "PING                                          QUIT",
            longest + "  HELP [verb]",
            "OK");
  }
}
