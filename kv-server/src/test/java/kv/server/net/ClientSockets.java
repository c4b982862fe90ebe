package kv.server.net;

import java.net.Socket;

/** What tests of other packages must know of the sockets of clients. */
public final class ClientSockets {
  private ClientSockets() {}

  /** The socket of the one client that is connected, on the node's side. */
  public static Socket only(Clients clients) {
    return clients.live().iterator().next().socket();
  }
}
