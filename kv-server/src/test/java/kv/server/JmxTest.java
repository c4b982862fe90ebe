package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import kv.server.testing.NodeProcess;
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
      process.clientPort();
      JMXServiceURL address = new JMXServiceURL(process.line());
      try (JMXConnector connector = JMXConnectorFactory.connect(address)) {
        MBeanServerConnection node = connector.getMBeanServerConnection();
        ObjectName runtime = new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME);
        assertThat(node.getAttribute(runtime, "Pid")).isEqualTo(process.pid());
      }
    }
  }

  /** A node whose JVM says on a line where JMX finds it. */
  static final class IsWatched {
    private IsWatched() {}

    public static void main(String[] arguments) throws InterruptedException {
      Main.run(arguments, node -> System.out.println(startJmx()));
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
