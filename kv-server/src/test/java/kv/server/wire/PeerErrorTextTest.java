package kv.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.command.Listing;
import kv.command.ListingCodec;
import kv.command.ReplyCodec;
import kv.memory.Memory;
import kv.server.testing.Resp;
import kv.store.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer may say in its errors, and what of it a client gets to see. */
class PeerErrorTextTest {
  private final ByteBuilder wire = new ByteBuilder(0);
  private final ReplyCodec peer = new ReplyCodec(wire, rest -> 1);
  private final Written written = new Written(Memory.unlimited());
  private final ReplyBuffer output =
      new ReplyBuffer(written, Memory.unlimited(), () -> true, () -> {});

  static Object[][] texts() {
    return new Object[][] {
      {"no route", "no route"},
      {"a\r\nOK", "a??OK"},
      {"a\r\n+OK\r\n$-1", "a??+OK??$-1"},
      {"\nPONG", "?PONG"},
      {"a\r", "a?"},
      {"a\r\0b", "a??b"},
      {"\u001b[2Ja\u0007\b\u007f", "?[2Ja???"},
      {"a\u00ff\u00fb\u0001b", "a?\u00fb?b"},
      {"no route for bucket \"\u00c3\u00bc\\n\"", "no route for bucket \"\u00c3\u00bc\\n\""},
    };
  }

  private void readAll(ClientReply reply, byte[] part) throws Exception {
    ByteCursor source = new ByteCursor(wire.copyFrom(0));
    while (source.hasNext()) ReplyCodec.read(source, reply, number -> part);
  }

  private ClientReply lines() {
    return new LineReplies(output);
  }

  private ClientReply resp() {
    return new RespReplies(output);
  }

  private void assertWritten(String expected) throws IOException {
    output.write();
    assertThat(written.text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void isOneLineOfTheClientsReply(String said, String shown) throws Exception {
    peer.error(said);
    peer.ok();
    readAll(lines(), null);
    assertWritten("ERROR " + shown + "\r\nOK\r\n");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void isOneErrorOfTheClientsReplyInResp(String said, String shown) throws Exception {
    peer.error(said);
    peer.ok();
    readAll(resp(), null);
    assertWritten("-ERR " + shown + "\r\n+OK\r\n");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void isOneLineAlsoIfItCutsOffAListing(String said, String shown) throws Exception {
    listOfTwoParts();
    peer.ok();
    readAll(lines(), ListingCodec.error(said));
    assertWritten("x".repeat(256 * 1024) + "\r\nERROR " + shown + "\r\nOK\r\n");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void isNotSeenInRespIfItCutsOffAListing(String said) throws Exception {
    listOfTwoParts();
    assertThatThrownBy(() -> readAll(resp(), ListingCodec.error(said)))
        .isInstanceOf(ClientReply.BrokenReplyException.class);
    assertWritten("*2\r\n" + Resp.bulk("x".repeat(256 * 1024)));
  }

  private void listOfTwoParts() {
    Bytes large = Bytes.of("x".repeat(256 * 1024));
    peer.list(Listing.copyOf(List.of(large, large)::forEach, Memory.unlimited()));
  }

  @Test
  void isNoLineEitherWhereAPeerRepeatsAVerb() throws Exception {
    peer.unknownCommand(Bytes.of("FOO\r\n+OK\0"));
    readAll(lines(), null);
    readAll(resp(), null);
    assertWritten("UNKNOWN COMMAND\r\n-ERR unknown command 'FOO\\r\\n+OK\\x00'\r\n");
  }
}
