package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.MBeanServerDelegate;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import kv.server.testing.NodeProcess;
import kv.server.testing.TestClient;
import kv.store.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that is watched over JMX, as jconsole does it. */
@Tag("distributed")
class JmxTest {
  @Test
  void answersBesideTheFilterForPeers() throws Exception {
    try (NodeProcess process =
        NodeProcess.startMain(IsWatched.class, "server.port=0", "router.port=0")) {
      process.peerPort();
      int port = process.clientPort();
      JMXServiceURL address = new JMXServiceURL(process.line());
      try (JMXConnector connector = JMXConnectorFactory.connect(address)) {
        MBeanServerConnection node = connector.getMBeanServerConnection();
        ObjectName runtime = new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME);
        assertThat(node.getAttribute(runtime, "Pid")).isEqualTo(process.pid());
        assertShowsWhatInfoHas(node, port);
      }
    }
  }

  private static void assertShowsWhatInfoHas(MBeanServerConnection node, int port)
      throws Exception {
    ObjectName shopping = new ObjectName("kv:type=Bucket,name=\"shopping\"");
    awaitRegistered(node, shopping);
    assertThat(node.getAttribute(shopping, "keys")).isEqualTo(1L);
    ObjectName bean = new ObjectName("kv:type=Node");
    List<String> attributes =
        Stream.of(node.getMBeanInfo(bean).getAttributes())
            .map(MBeanAttributeInfo::getName)
            .toList();
    try (TestClient client = new TestClient(port)) {
      assertThat(client.listing("INFO"))
          .extracting(line -> line.split(" ")[0])
          .containsExactlyElementsOf(attributes);
    }
    assertThat(node.getAttribute(bean, "buckets")).isEqualTo(1);
  }

  /** Main does that once the node runs, which takes no longer for it. */
  private static void awaitRegistered(MBeanServerConnection node, ObjectName name)
      throws Exception {
    Semaphore changes = new Semaphore(0);
    node.addNotificationListener(
        MBeanServerDelegate.DELEGATE_NAME, (what, nothing) -> changes.release(), null, null);
    while (!node.isRegistered(name)) changes.acquire();
  }

  /** A node whose JVM says on a line where JMX finds it. */
  static final class IsWatched {
    private IsWatched() {}

    public static void main(String[] arguments) throws InterruptedException {
      Main.run(arguments, IsWatched::goShopping);
    }

    private static void goShopping(Node node) {
      try {
        node.storage().create(Bytes.of("shopping")).put(Bytes.of("milk"), Bytes.of("1"));
      } catch (InterruptedException | TimeoutException e) {
        throw new AssertionError(e);
      }
      System.out.println(startJmx());
    }

    private static JMXServiceURL startJmx() {
      try {
        JMXConnectorServer server =
            JMXConnectorServerFactory.newJMXConnectorServer(
                new JMXServiceURL("service:jmx:rmi://127.0.0.1"),
                null,
                ManagementFactory.getPlatformMBeanServer());
        server.start();
        return server.getAddress();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
