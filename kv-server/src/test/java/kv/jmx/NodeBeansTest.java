package kv.jmx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import kv.figures.Traffic;
import kv.memory.Memory;
import kv.observer.metrics.WatchedNode;
import kv.otp.ChildSpec;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.router.Router;
import kv.router.link.LinkRules;
import kv.router.link.PeerState;
import kv.server.verbs.LiveTree;
import kv.server.verbs.NodeFigures;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a console sees of a node, in a server of its own. */
class NodeBeansTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final MBeanServer server = MBeanServerFactory.newMBeanServer();
  private final List<PeerState> peers = new ArrayList<>();
  private final CountDownLatch mayGoOn = new CountDownLatch(1);
  private Storage storage;
  private Supervisor root;
  private NodeFigures figures;
  private NodeBeans beans;

  @BeforeEach
  void start() throws Exception {
    storage = new Storage(Flags.of(Strategy.ONE_FOR_ONE));
    root = Supervisor.start("node", Flags.of(Strategy.ONE_FOR_ONE), storage.spec());
    Name<Supervisor> name = new Name<>("node");
    name.register(root.proc(), root);
    Router router =
        new Router(
            "kv", Optional.empty(), storage, new LinkRules(LONG, LONG, 64), Memory.of(1_000_000));
    LiveTree tree = new LiveTree(name, storage);
    figures = new NodeFigures("1.0", storage, router, tree, new Traffic(false));
    beans = new NodeBeans(server, figures, storage, () -> peers);
    storage.create(Bytes.of("shopping")).put(Bytes.of("milk"), Bytes.of("1"));
    beans.update();
  }

  @AfterEach
  void stop() throws Exception {
    mayGoOn.countDown();
    beans.close();
    root.close();
    assertThat(names()).isEmpty();
  }

  private List<String> names() throws Exception {
    return server.queryNames(new ObjectName("kv:*"), null).stream()
        .map(ObjectName::getCanonicalName)
        .sorted()
        .toList();
  }

  private static ObjectName node() throws Exception {
    return new ObjectName("kv:type=Node");
  }

  private static ObjectName bucket(String text) throws Exception {
    return new ObjectName("kv:type=Bucket,name=" + ObjectName.quote(text));
  }

  private Map<String, Object> all(ObjectName name) throws Exception {
    List<String> attributes = new ArrayList<>();
    for (MBeanAttributeInfo one : server.getMBeanInfo(name).getAttributes())
      attributes.add(one.getName());
    Map<String, Object> found = new TreeMap<>();
    for (Attribute one : server.getAttributes(name, attributes.toArray(new String[0])).asList())
      found.put(one.getName(), one.getValue());
    return found;
  }

  @Nested
  class TheNode {
    @Test
    void hasEachFigureOfInfo() throws Exception {
      Map<String, Object> info = figures.now();
      assertThat(all(node())).containsOnlyKeys(info.keySet());
      for (String name : List.of("version", "node", "buckets", "keys", "restarts", "storage_state"))
        assertThat(server.getAttribute(node(), name)).as(name).isEqualTo(info.get(name));
    }

    @Test
    void tellsWhatIsThereWhenSomebodyAsks() throws Exception {
      storage.create(Bytes.of("zoo"));
      assertThat(server.getAttribute(node(), "buckets")).isEqualTo(2);
    }

    @Test
    void hasAttributesOfTheTypesThatItSays() throws Exception {
      Map<String, Object> values = all(node());
      for (MBeanAttributeInfo one : server.getMBeanInfo(node()).getAttributes()) {
        assertThat(values.get(one.getName()).getClass().getName()).isEqualTo(one.getType());
        assertThat(one.isReadable()).isTrue();
        assertThat(one.isWritable()).isFalse();
      }
    }

    @Test
    void doesNotWaitForASupervisorThatIsBusy() throws Exception {
      CountDownLatch isBusy = new CountDownLatch(1);
      ChildSpec slow =
          ChildSpec.worker(
              "slow",
              () -> {
                isBusy.countDown();
                mayGoOn.await();
                return StartResult.ignore();
              });
      Proc starter = Task.start("starter", self -> root.startChild(slow));
      isBusy.await();
      assertThat(server.getAttribute(node(), "restarts")).isEqualTo(0L);
      assertThat(server.getAttribute(node(), "buckets")).isEqualTo(1);
      mayGoOn.countDown();
      starter.awaitExit();
    }

    @Test
    void thatHasEndedSaysSoInWordsThatAConsoleKnows() throws Exception {
      root.close();
      assertThatThrownBy(() -> server.getAttribute(node(), "keys"))
          .isInstanceOf(MBeanException.class)
          .hasRootCauseInstanceOf(IllegalStateException.class)
          .hasRootCauseMessage("node is not running: noproc");
      assertThat(server.getAttributes(node(), new String[] {"keys"})).isEmpty();
      beans.update(); // and does not mind
    }

    @Test
    void cannotBeChanged() throws Exception {
      assertThatThrownBy(() -> server.getAttribute(node(), "key"))
          .isInstanceOf(AttributeNotFoundException.class)
          .hasMessage("no figure is called key");
      assertThatThrownBy(() -> server.setAttribute(node(), new Attribute("keys", 7L)))
          .isInstanceOf(AttributeNotFoundException.class)
          .hasMessage("keys can be read only");
      assertThat(server.setAttributes(node(), new AttributeList())).isEmpty();
      assertThatThrownBy(() -> server.invoke(node(), "stop", null, null))
          .isInstanceOf(ReflectionException.class);
    }
  }

  @Nested
  class ABucket {
    @Test
    void hasItsFigures() throws Exception {
      assertThat(names()).contains(bucket("shopping").getCanonicalName());
      assertThat(all(bucket("shopping")))
          .containsEntry("keys", 1L)
          .containsEntry("expiring_keys", 0L)
          .containsEntry(
              "memory_held_bytes", storage.lookup(Bytes.of("shopping")).orElseThrow().bytes());
    }

    @Test
    void comesAndGoes() throws Exception {
      storage.create(Bytes.of("zoo"));
      storage.lookup(Bytes.of("shopping")).orElseThrow().stop();
      assertThatThrownBy(() -> server.getAttribute(bucket("shopping"), "keys"))
          .isInstanceOf(MBeanException.class)
          .hasRootCauseMessage("the bucket is not running");
      beans.update();
      assertThat(names()).containsExactly(bucket("zoo").getCanonicalName(), "kv:type=Node");
    }

    @Test
    void isThereIfItIsOneOfTheLargestFifty() throws Exception {
      for (int i = 0; i < 60; i++) storage.create(Bytes.of("empty" + i));
      beans.update();
      assertThat(names()).hasSize(51).contains(bucket("shopping").getCanonicalName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "*", "?", ",type=Node", "a=b", "\\", "\n", "\u00ff", ":", "kv:*"})
    void mayHaveAnyName(String bytes) throws Exception {
      storage.create(Bytes.of(bytes.getBytes(ISO_8859_1)));
      beans.update();
      assertThat(server.queryNames(new ObjectName("kv:type=Bucket,*"), null)).hasSize(2);
    }
  }

  @Nested
  class APeer {
    @Test
    void hasItsFiguresAsLongAsTheTableHasIt() throws Exception {
      peers.add(WatchedNode.peer("bar", Optional.of("node bar is unreachable"), 7, 3));
      beans.update();
      ObjectName bar = new ObjectName("kv:type=Peer,name=bar");
      assertThat(all(bar))
          .isEqualTo(
              Map.of(
                  "unreachable", true,
                  "trouble", "node bar is unreachable",
                  "routed_calls", 7L,
                  "failed_calls", 3L));
      peers.set(0, WatchedNode.peer("bar", Optional.empty(), 8, 3));
      assertThat(all(bar)).containsEntry("unreachable", false).containsEntry("trouble", "none");
      peers.clear();
      assertThatThrownBy(() -> server.getAttribute(bar, "trouble"))
          .hasRootCauseMessage("the routing table has it no more");
      beans.update();
      assertThat(server.isRegistered(bar)).isFalse();
    }

    @Test
    void isThereTheNextTimeIfItCouldNotBeReadAtFirst() throws Exception {
      PeerState bar = WatchedNode.peer("bar", Optional.empty(), 7, 3);
      Iterator<List<PeerState>> asked =
          List.of(List.of(bar), List.<PeerState>of(), List.of(bar), List.of(bar)).iterator();
      beans.close();
      beans = new NodeBeans(server, figures, storage, asked::next);
      beans.update();
      assertThat(names()).doesNotContain("kv:name=bar,type=Peer");
      beans.update();
      assertThat(names()).contains("kv:name=bar,type=Peer");
    }
  }

  @Test
  void leaveABeanOfSomebodyElseAlone(LogCapture log) throws Exception {
    log.allow("JMX does not show kv:type=.*");
    NodeBeans others = new NodeBeans(server, figures, storage, List::of);
    others.update();
    others.update();
    others.close();
    assertThat(server.isRegistered(node())).isTrue();
    assertThat(log.messages(Level.WARNING)).containsOnlyOnce("JMX does not show kv:type=Node");
  }
}
