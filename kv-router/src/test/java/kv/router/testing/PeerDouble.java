package kv.router.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.rmi.NoSuchObjectException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.UnmarshalException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import kv.command.ByteBuilder;
import kv.command.ListingCodec;
import kv.router.peer.PeerListener;
import kv.router.table.NodeAddress;
import kv.router.wire.Peer;
import kv.router.wire.PeerSockets;

/** A peer as far as RMI is concerned, that answers calls as a test has it do, and counts them. */
public final class PeerDouble implements Peer, AutoCloseable {
  /** How it answers calls. */
  public interface Behaviour {
    byte[] call(byte[] call) throws RemoteException;
  }

  private final NodeAddress address;
  private final Behaviour behaviour;
  private final Listener listener = new Listener();
  private final Registry registry;
  private boolean isExported = true;
  private volatile boolean saidNothing;
  private volatile Supplier<byte[]> observer;
  private volatile Behaviour sharing = this::shareOneByOne;
  private final List<byte[]> calls = new CopyOnWriteArrayList<>();
  private final List<Long> dropped = new CopyOnWriteArrayList<>();

  private PeerDouble(String name, int port, Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    PeerSockets sockets = new PeerSockets();
    registry = LocateRegistry.createRegistry(port, sockets, listener);
    address = new NodeAddress(name, "127.0.0.1", listener.socket.getLocalPort());
    bind(UnicastRemoteObject.exportObject(this, port, sockets, listener));
  }

  public static PeerDouble start(String name, Behaviour behaviour) throws IOException {
    return new PeerDouble(name, 0, behaviour);
  }

  /** A double where another peer was before. */
  public static PeerDouble startAt(NodeAddress address, Behaviour behaviour) throws IOException {
    return new PeerDouble(address.name(), address.port(), behaviour);
  }

  /** A way to answer after which RMI knows the peer and has no connection to it. */
  public static byte[] failsRemotely(byte[] call) throws RemoteException {
    throw new RemoteException("made to fail");
  }

  public NodeAddress address() {
    return address;
  }

  /** Each call that has come, in the order in which they came. */
  public List<byte[]> calls() {
    return calls;
  }

  /** Gives out {@code object} as the peer from now on. */
  public void bind(Remote object) throws RemoteException {
    registry.rebind(address.name(), object);
  }

  /** From now on, what the registry gives out is an object that is there no more. */
  public void forgetPeer() throws NoSuchObjectException {
    isExported = false;
    UnicastRemoteObject.unexportObject(this, true);
  }

  /** Breaks off whatever is connected. */
  public void cutConnections() {
    for (Socket socket : listener.accepted) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public byte[] call(byte[] call) throws RemoteException {
    if (saidNothing) {
      saidNothing = false;
      return new byte[0];
    }
    calls.add(call);
    return behaviour.call(call);
  }

  /** Has it answer the calls of several clients by {@code behaviour}, which are not counted. */
  public void answerShared(Behaviour behaviour) {
    sharing = behaviour;
  }

  @Override
  public byte[] share(byte[] shared) throws RemoteException {
    return sharing.call(shared);
  }

  /** As so many single calls; to whoever comes again because of an empty answer, it is the same. */
  private byte[] shareOneByOne(byte[] shared) throws RemoteException {
    ByteBuffer source = ByteBuffer.wrap(shared);
    ByteBuilder answers = new ByteBuilder(16);
    while (source.hasRemaining()) {
      byte[] call = new byte[source.getInt()];
      source.get(call);
      byte[] answer = call(call);
      if (answer == null) return null;
      saidNothing = answer.length == 0;
      answers.appendInt(answer.length).append(answer);
    }
    return answers.copyFrom(0);
  }

  @Override
  public byte[] next(long listing) {
    return ListingCodec.error("there are no listings here");
  }

  /** From now on it tells {@code answer} of its observer. */
  public void tellOfObserver(Supplier<byte[]> answer) {
    observer = answer;
  }

  @Override
  public byte[] observer() throws RemoteException {
    if (observer == null) // what RMI throws for a method that a peer's version does not have
      throw new UnmarshalException(
          "unrecognized method hash: method not supported by remote object");
    return observer.get();
  }

  /** The listings that nobody wants any more. */
  public List<Long> dropped() {
    return dropped;
  }

  @Override
  public void drop(long listing) {
    dropped.add(listing);
  }

  /** Ends it as a node ends: who is connected stays so. May be called again. */
  @Override
  public void close() throws IOException {
    if (listener.socket.isClosed()) return;
    if (isExported) forgetPeer();
    UnicastRemoteObject.unexportObject(registry, true);
    listener.socket.close();
  }

  /** Keeps what it accepts, so that it can be cut. */
  private static final class Listener implements RMIServerSocketFactory {
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private ServerSocket socket;

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      socket =
          new PeerListener.FreeingSocket() {
            @Override
            public Socket accept() throws IOException {
              Socket client = super.accept();
              accepted.add(client);
              return client;
            }
          };
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    }
  }
}
