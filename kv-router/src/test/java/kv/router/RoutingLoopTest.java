package kv.router;

import static kv.router.testing.RouterClient.ask;
import static org.assertj.core.api.Assertions.assertThat;

import kv.router.table.NodeAddress;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes whose tables do not agree. Clients ask foo, whose table names another node. */
class RoutingLoopTest {
  /** Where nobody listens: who goes there all the same is found out by another error. */
  private static final String FOO = "foo@127.0.0.1:1";

  private Storage storage;

  @BeforeEach
  void startStorage() throws InterruptedException {
    storage = Storage.start();
  }

  @AfterEach
  void stopStorage() {
    storage.close();
  }

  @Test
  void twoTablesThatPointAtEachOtherAreALoop() throws Exception {
    try (TestNode bar = TestNode.start("bar", "n-z=" + FOO)) {
      Router foo = Routing.router("foo", storage, "n-z=" + bar.address());
      assertThat(ask(foo, "CREATE shopping"))
          .containsExactly("ERROR routing loop foo -> bar -> foo for bucket \"shopping\"");
    }
  }

  @Test
  void twoNodesThatListenAndPointAtEachOtherAreALoopFromEitherSide() throws Exception {
    NodeAddress fooAddress;
    try (TestNode reservesThePort = TestNode.start("foo")) {
      fooAddress = reservesThePort.address();
    }
    try (TestNode bar = TestNode.start("bar", "n-z=" + fooAddress);
        TestNode foo = TestNode.startAt(fooAddress, "n-z=" + bar.address())) {
      assertThat(ask(foo.router(), "CREATE shopping"))
          .containsExactly("ERROR routing loop foo -> bar -> foo for bucket \"shopping\"");
      assertThat(ask(bar.router(), "CREATE shopping"))
          .containsExactly("ERROR routing loop bar -> foo -> bar for bucket \"shopping\"");
      assertThat(foo.holds("shopping") || bar.holds("shopping")).isFalse();
    }
  }

  @Test
  void threeNodesInACircleAreALoop() throws Exception {
    try (TestNode baz = TestNode.start("baz", "n-z=" + FOO);
        TestNode bar = TestNode.start("bar", "n-z=" + baz.address())) {
      Router foo = Routing.router("foo", storage, "n-z=" + bar.address());
      assertThat(ask(foo, "CREATE shopping"))
          .containsExactly("ERROR routing loop foo -> bar -> baz -> foo for bucket \"shopping\"");
    }
  }

  @Test
  void aCircleBehindTheFirstNodeIsALoop() throws Exception {
    NodeAddress barAddress;
    try (TestNode reservesThePort = TestNode.start("bar")) {
      barAddress = reservesThePort.address();
    }
    try (TestNode baz = TestNode.start("baz", "n-z=" + barAddress);
        TestNode bar = TestNode.startAt(barAddress, "n-z=" + baz.address())) {
      Router foo = Routing.router("foo", storage, "n-z=" + bar.address());
      assertThat(ask(foo, "CREATE shopping"))
          .containsExactly("ERROR routing loop foo -> bar -> baz -> bar for bucket \"shopping\"");
    }
  }

  @Test
  void aLoopIsAnErrorOfItsBucketAlone() throws Exception {
    try (TestNode bar = TestNode.start("bar", "s=" + FOO, "t=bar@127.0.0.1:2")) {
      Router foo = Routing.router("foo", storage, "n-z=" + bar.address());
      assertThat(ask(foo, "CREATE tea", "CREATE s", "GET tea k"))
          .containsExactly(
              "OK", "ERROR routing loop foo -> bar -> foo for bucket \"s\"", "missing");
    }
  }

  @Test
  void theNameInTheErrorIsQuotedAndEscaped() throws Exception {
    try (TestNode bar = TestNode.start("bar", "n-z=" + FOO)) {
      Router foo = Routing.router("foo", storage, "n-z=" + bar.address());
      assertThat(ask(foo, "CREATE s\"\n\u00ff\u00e9"))
          .containsExactly(
              "ERROR routing loop foo -> bar -> foo for bucket \"s\\\"\\n\\xFF\u00e9\"");
    }
  }

  @Test
  void aCommandGoesOverAsManyNodesAsTheirTablesSay() throws Exception {
    try (TestNode baz = TestNode.start("baz", "n-z=baz@127.0.0.1:1");
        TestNode bar = TestNode.start("bar", "n-z=" + baz.address())) {
      Router foo = Routing.router("foo", storage, "n-z=" + bar.address());
      assertThat(ask(foo, "CREATE shopping", "PUT shopping milk 1", "GET shopping milk"))
          .containsExactly("OK", "OK", "value 1");
      assertThat(baz.holds("shopping")).isTrue();
      assertThat(bar.holds("shopping")).isFalse();
    }
  }

  @Test
  void aPeerWithoutATableHoldsWhatItIsAskedFor() throws Exception {
    try (TestNode bar = TestNode.start("bar")) {
      ask(Routing.router("foo", storage, "n-z=" + bar.address()), "CREATE shopping");
      assertThat(bar.holds("shopping")).isTrue();
    }
  }

  @Test
  void aPeerWhoseTableDoesNotNameTheBucketHasNoRoute() throws Exception {
    try (TestNode bar = TestNode.start("bar", "a-m=bar@127.0.0.1:1")) {
      assertThat(ask(Routing.router("foo", storage, "n-z=" + bar.address()), "CREATE shopping"))
          .containsExactly("ERROR no route for bucket \"shopping\"");
    }
  }

  @Test
  void aPeerThatCannotReachTheNextSaysWhich() throws Exception {
    NodeAddress gone;
    try (TestNode baz = TestNode.start("baz")) {
      gone = baz.address();
    }
    try (TestNode bar = TestNode.start("bar", "n-z=" + gone)) {
      assertThat(ask(Routing.router("foo", storage, "n-z=" + bar.address()), "CREATE shopping"))
          .containsExactly("ERROR node " + gone + " is unreachable: connection refused");
    }
  }
}
