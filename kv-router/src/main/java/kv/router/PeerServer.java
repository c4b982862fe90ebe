package kv.router;

import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.lang.System.Logger.Level;
import java.rmi.NoSuchObjectException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.UnicastRemoteObject;
import java.util.List;
import kv.command.BucketCommand;
import kv.command.BucketCommands;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.command.CommandTable;
import kv.command.Replies;
import kv.command.Reply;
import kv.command.Requests;
import kv.command.Words;
import kv.otp.Proc;

/**
 * Where peers reach this node: an RMI registry and one object in it, under the node's name, on one
 * port. A proc without a thread of its own, for RMI brings its own; they run the calls.
 */
final class PeerServer implements Peer {
  private static final System.Logger LOG = System.getLogger(PeerServer.class.getName());
  private static final CommandTable<BucketCommand> COMMANDS =
      new CommandTable<>(BucketCommands.ALL);

  /** An answer that has grown to this has room for no further command. */
  private static final int FULL_ANSWER_BYTES = 1024 * 1024;

  private final Router router;
  private final PeerListener listener;
  private final Proc proc = Proc.passive("peers");

  /** RMI holds what it exports weakly: without this it would be gone with the next collection. */
  private Registry registry;

  private PeerServer(Router router, PeerListener listener) {
    this.router = router;
    this.listener = listener;
  }

  /**
   * Starts to accept peers.
   *
   * @param port 1 to 65535, or 0 for any free one
   * @throws RemoteException if the port cannot be had
   */
  static PeerServer start(Router router, String host, int port) throws RemoteException {
    PeerServer server = new PeerServer(router, new PeerListener(host));
    server.proc.owns(server.listener::close);
    try {
      server.export(port);
    } catch (RemoteException | RuntimeException e) {
      server.proc.kill();
      throw e;
    }
    return server;
  }

  private void export(int port) throws RemoteException {
    PeerSockets sockets = new PeerSockets();
    registry = LocateRegistry.createRegistry(port, sockets, listener);
    proc.owns(() -> unexport(registry));
    Remote stub =
        UnicastRemoteObject.exportObject(this, port, sockets, listener, PeerServer::filter);
    proc.owns(() -> unexport(this));
    registry.rebind(router.node(), stub);
  }

  private static void unexport(Remote object) {
    try {
      UnicastRemoteObject.unexportObject(object, true);
    } catch (NoSuchObjectException e) {
      LOG.log(Level.DEBUG, "unexported before", e);
    }
  }

  /** Lets in one array of bytes of bounded size, and nothing else. */
  private static Status filter(ObjectInputFilter.FilterInfo info) {
    if (info.arrayLength() > MAX_BYTES || info.depth() > 1) return Status.REJECTED;
    Class<?> type = info.serialClass();
    return type == null || type == byte[].class ? Status.UNDECIDED : Status.REJECTED;
  }

  /** Its life. */
  Proc proc() {
    return proc;
  }

  /** Where it accepts peers. */
  int port() {
    return listener.port();
  }

  @Override
  public byte[] call(byte[] call) {
    ByteBuilder answer = new ByteBuilder(256);
    Reply reply = new Replies(answer);
    try {
      proc.ensureAlive();
      run(new ByteCursor(call), answer, reply);
    } catch (MalformedException e) {
      LOG.log(Level.WARNING, "a peer sent a malformed call", e);
      reply.error("malformed call to node " + router.node() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reply.error(
          "node " + router.node() + " was interrupted; the command may have been carried out");
    } catch (RuntimeException e) { // no exception of ours travels to the peer
      LOG.log(Level.ERROR, "a peer's call failed", e);
      reply.error("node " + router.node() + " failed; the command may have been carried out");
    }
    return answer.copyFrom(0);
  }

  private void run(ByteCursor source, ByteBuilder answer, Reply reply)
      throws MalformedException, InterruptedException {
    List<String> path = Call.readHead(source);
    Batch batch = router.batch(path, reply);
    Words words = new Words();
    try {
      while (source.hasNext() && answer.length() < FULL_ANSWER_BYTES) {
        Requests.read(source, words);
        BucketCommand command = COMMANDS.find(words);
        if (command != null) batch.run(command, words);
        else {
          batch.flush();
          reply.unknownCommand();
        }
      }
    } finally {
      batch.flush();
    }
  }
}
