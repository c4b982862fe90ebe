package kv.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kv.router.testing.RouterClient;
import kv.router.testing.TestNode;
import kv.store.Bucket;
import kv.store.Bytes;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Listings that are made on one node and read on another. */
class ListingTest {
  private static final int KEYS = 100_000;

  private static TestNode holder() throws Exception {
    TestNode node = TestNode.start("bar");
    Bucket zoo = node.storage().create(Bytes.of("zoo"));
    for (int i = 0; i < KEYS; i++) zoo.put(Bytes.of("key" + i), Bytes.of("v"));
    return node;
  }

  private static String row(TestNode to) {
    return "a-z=" + to.address();
  }

  private static void assertListsAll(List<String> replies) {
    assertThat(replies).hasSize(2);
    List<String> words = Arrays.asList(replies.get(0).split(" "));
    assertThat(words.stream().skip(1).sorted().toList())
        .isEqualTo(IntStream.range(0, KEYS).mapToObj(i -> "key" + i).sorted().toList());
    assertThat(replies.get(1)).isEqualTo("number " + KEYS);
  }

  @Nested
  class AMillionBytesOfKeys {
    @Test
    void comeWholeThroughAnotherNode() throws Exception {
      try (TestNode bar = holder();
          TestNode foo = TestNode.start("foo", row(bar))) {
        assertListsAll(RouterClient.ask(foo.router(), "KEYS zoo", "SIZE zoo"));
      }
    }

    @Test
    void comeWholeThroughTwoOtherNodes() throws Exception {
      try (TestNode bar = holder();
          TestNode foo = TestNode.start("foo", row(bar));
          TestNode baz = TestNode.start("baz", row(foo))) {
        assertListsAll(RouterClient.ask(baz.router(), "KEYS zoo", "SIZE zoo"));
      }
    }

    @Test
    void comeOnceForEveryTimeThatTheyAreAskedFor() throws Exception {
      try (TestNode bar = holder();
          TestNode foo = TestNode.start("foo", row(bar))) {
        List<String> replies = RouterClient.ask(foo.router(), "KEYS zoo", "KEYS zoo", "SIZE zoo");
        assertListsAll(replies.subList(1, 3));
        assertListsAll(List.of(replies.get(0), replies.get(2)));
      }
    }
  }

  @Nested
  class ValuesAndPages {
    @Test
    void comeWholeThroughTwoOtherNodesWithWhatIsAbsent() throws Exception {
      String large = "x".repeat(200_000);
      try (TestNode bar = TestNode.start("bar");
          TestNode foo = TestNode.start("foo", row(bar));
          TestNode baz = TestNode.start("baz", row(foo))) {
        bar.storage().create(Bytes.of("zoo")).put(Bytes.of("lion"), Bytes.of(large));
        String request = "MGET zoo none" + " lion".repeat(5) + " none";
        assertThat(RouterClient.ask(baz.router(), request, "SCAN zoo 0 10 l*", "EXISTS zoo lion"))
            .containsExactly(
                "list (none)" + (" " + large).repeat(5) + " (none)",
                "page 0 lion",
                "number 1");
      }
    }
  }

  @Nested
  class ANodeThatEndsInBetween {
    @Test
    void cutsTheListingOff() throws Exception {
      try (TestNode bar = holder();
          TestNode foo = TestNode.start("foo", row(bar))) {
        RouterClient client = new RouterClient(foo.router());
        client.beforeEveryWord(bar::close);
        assertThat(client.ask("KEYS zoo").get(0))
            .startsWith("list key")
            .endsWith(" ERROR node " + bar.address() + " is unreachable: connection refused");
      }
    }
  }
}
