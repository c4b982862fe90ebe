package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.server.UnicastRemoteObject;
import java.util.concurrent.locks.LockSupport;
import kv.server.testing.NodeProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a JVM ends whose heap has run out. */
@Tag("distributed")
class FatalErrorHandlerTest {
  private static final String LINE =
      "the heap is exhausted: the node ends; give it more with java -Xmx, or lower"
          + " storage.max-memory\n";

  @Test
  void saysWhy() throws Exception {
    try (NodeProcess process = NodeProcess.startMain(RunsOut.class)) {
      assertThat(process.exitStatus()).isEqualTo(FatalErrorHandler.STATUS);
      assertThat(process.stderr()).contains(LINE);
    }
  }

  @Test
  void doesNotWaitForWhoeverDoesNotReadThat() throws Exception {
    try (NodeProcess process = NodeProcess.startMainWithFullStderr(RunsOut.class)) {
      assertThat(process.exitStatus()).isEqualTo(FatalErrorHandler.STATUS);
    }
  }

  @Test
  void isTheSameIfItRunsOutInRmi() throws Exception {
    try (NodeProcess process = NodeProcess.startMain(RunsOutInRmi.class, "server.port=0")) {
      assertThat(process.exitStatus()).isEqualTo(FatalErrorHandler.STATUS);
      assertThat(process.stderr()).contains(LINE);
    }
  }

  /** Fails in its only thread, while others keep the process alive. */
  static final class RunsOut {
    private RunsOut() {}

    public static void main(String[] arguments) {
      Thread.setDefaultUncaughtExceptionHandler(FatalErrorHandler.start());
      new Thread(() -> {
        while (true) LockSupport.park();
      }).start();
      throw new OutOfMemoryError("Java heap space");
    }
  }

  /** What RMI serves, and has fail. */
  interface Failing extends Remote {
    void fail() throws RemoteException;
  }

  /** A node that goes on for as long as nobody hears of what happens in RMI. */
  static final class RunsOutInRmi {
    private RunsOutInRmi() {}

    public static void main(String[] arguments) throws InterruptedException {
      Main.run(arguments, node -> fail());
    }

    private static void fail() {
      Failing failing =
          () -> {
            throw new OutOfMemoryError("Java heap space");
          };
      try {
        ((Failing) export(failing)).fail();
      } catch (RemoteException e) {
        System.err.println(e);
        System.exit(1);
      }
    }

    /** On loopback only: what the machine calls itself does not matter. */
    private static Remote export(Remote remote) throws RemoteException {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      return UnicastRemoteObject.exportObject(
          remote,
          0,
          (host, port) -> new Socket(loopback, port),
          port -> new ServerSocket(port, 1, loopback));
    }
  }
}
