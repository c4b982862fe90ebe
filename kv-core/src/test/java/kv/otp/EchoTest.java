package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server that everybody writes first: a task that accepts, and a task for each client. */
class EchoTest {
  private final List<Proc> tasks = Collections.synchronizedList(new ArrayList<>());
  private final Name<Supervisor> clients = new Name<>("clients");
  private final Name<ServerSocket> listener = new Name<>("listener");

  private final class Acceptor implements Task.Work {
    private final ServerSocket socket;

    Acceptor(ServerSocket socket) {
      this.socket = socket;
    }

    @Override
    public void run(Proc self) throws Exception {
      while (true) {
        Socket client = socket.accept();
        try {
          clients.get().startChild(List.of(client));
        } catch (ExitedException e) { // the supervisor of clients is being restarted
          client.close();
        }
      }
    }

    @Override
    public void shutdown(Thread worker, ExitReason reason) throws IOException {
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private record Echo(Socket client) implements Task.Work {
    @Override
    public void run(Proc self) throws IOException {
      client.getInputStream().transferTo(client.getOutputStream());
    }

    @Override
    public void shutdown(Thread worker, ExitReason reason) throws IOException {
      client.close();
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  private StartResult startEcho(List<?> args) {
    tasks.add(Task.start("client", new Echo((Socket) args.get(0))));
    return StartResult.ok(tasks.get(tasks.size() - 1));
  }

  private Supervisor startClients() throws InterruptedException {
    ChildSpec client = ChildSpec.worker("client", this::startEcho).restart(Restart.TEMPORARY);
    Supervisor started = Supervisor.start("clients", Flags.of(Strategy.SIMPLE_ONE_FOR_ONE), client);
    return clients.register(started.proc(), started);
  }

  private StartResult startAcceptor() throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Proc acceptor = Task.start("acceptor", new Acceptor(socket));
    tasks.add(acceptor);
    return StartResult.ok(acceptor, listener.register(acceptor, socket));
  }

  private Supervisor start() throws InterruptedException {
    return Supervisor.start(
        "top",
        Flags.of(Strategy.REST_FOR_ONE),
        ChildSpec.supervisor("clients", this::startClients),
        ChildSpec.worker("acceptor", this::startAcceptor));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(listener.get().getInetAddress(), listener.get().getLocalPort());
    socket.getOutputStream().write('a');
    assertThat(socket.getInputStream().read()).isEqualTo('a');
    return socket;
  }

  @Test
  void stopsWithAllItsClientsAsItWasAsked() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (Supervisor top = start()) {
      for (int i = 0; i < 8; i++) sockets.add(connect());
      top.stop();

      assertThat(tasks)
          .hasSize(9)
          .allSatisfy(task -> assertThat(task.exitReason()).contains(ExitReason.SHUTDOWN));
      for (Socket socket : sockets) assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket socket : sockets) socket.close();
    }
  }

  @Test
  void leavesNoThreadBehindWhenItsSupervisorIsKilled() throws Exception {
    Supervisor top = start();
    try (Socket socket = connect()) {
      top.proc().kill();
      for (Proc task : tasks) task.awaitExit();

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void goesOnWhenAClientLeaves() throws Exception {
    try (Supervisor top = start()) {
      connect().close();
      tasks.get(1).awaitExit();
      connect().close();

      assertThat(top.countChildren().active()).isEqualTo(2);
      assertThat(tasks.get(1).exitReason()).contains(ExitReason.NORMAL);
    }
  }
}
