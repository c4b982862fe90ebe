package kv.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import kv.log.LogException;
import kv.router.testing.PeerDouble;
import kv.router.testing.RouterClient;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import kv.store.LogDouble;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a batch has made safe before its replies leave. The log ends one further at each look. */
class BatchCommitTest {
  private final LogDouble log = new LogDouble();
  private Storage storage;
  private PeerDouble bar;
  private RouterClient client;

  @BeforeEach
  void start() throws Exception {
    storage = log.start();
    bar = PeerDouble.start("bar", Wire::okToAll);
    client =
        new RouterClient(Routing.router("foo", storage, "f=foo@127.0.0.1:1", "b=" + bar.address()));
  }

  @AfterEach
  void stop() throws Exception {
    bar.close();
    storage.close();
  }

  @Test
  void isUpToTheEndThatItSawAfterTheLastCommand() throws Exception {
    client.ask("CREATE f", "PUT f k v", "GET f k");
    client.commit();
    assertThat(log.commits()).containsExactly("written 3");
  }

  @Test
  void isNotMadeAgainForTheSameReplies() throws Exception {
    client.ask("CREATE f");
    client.commit();
    client.commit();
    client.ask("GET f k");
    client.commit();
    assertThat(log.commits()).containsExactly("written 1", "read 2");
  }

  /** What it found may be what another one has done a moment ago, and no disk has yet. */
  @Test
  void isThatOfAWriteAlsoWhereItFoundNothingToDo() throws Exception {
    client.ask("CREATE f");
    client.commit();
    client.ask("CREATE f", "DELETE f k");
    client.commit();
    assertThat(log.commits()).containsExactly("written 1", "written 3");
  }

  @Test
  void isMadeAlsoForWhatWasOnlyReadOrNotFound() throws Exception {
    client.ask("GET f k");
    client.commit();
    assertThat(log.commits()).containsExactly("read 1");
  }

  @Test
  void isNoneForRepliesOfPeersAndRefusals() throws Exception {
    assertThat(client.ask("GET b k", "GET  k", "GET q k")).hasSize(3);
    client.commit();
    assertThat(log.commits()).isEmpty();
  }

  @Test
  void isTheSameWithoutATable() throws Exception {
    client = new RouterClient(Routing.router("foo", storage));
    client.ask("CREATE f", "DROP f");
    client.commit();
    assertThat(log.commits()).containsExactly("written 2");
  }

  /** The keys that it lists leave before the command has returned, and are safe by then. */
  @Test
  void inTheMiddleOfAReplyIsUpToTheEndAsItIsThen() throws Exception {
    client.ask("CREATE f", "PUT f k v");
    client.commit();
    client.beforeEveryWord(client::commit);
    assertThat(client.ask("KEYS f")).containsExactly("list k");
    assertThat(log.commits()).containsExactly("written 2", "read 3");
  }

  @Test
  void thatFailsIsToldAndNotTriedAgain() throws Exception {
    log.failCommits("the disk is gone; it may have been carried out");
    client.ask("CREATE f");
    assertThatThrownBy(client::commit)
        .isInstanceOf(LogException.class)
        .hasMessage("the disk is gone; it may have been carried out");
    client.commit();
    assertThat(log.commits()).isEqualTo(List.of("written 1"));
  }
}
