package kv.server.testing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

/** A socket without a network: it has a client, and takes all options for nothing. */
public abstract class SocketDouble extends Socket {
  @Override
  public SocketAddress getRemoteSocketAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return getRemoteSocketAddress();
  }

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setOOBInline(boolean on) {}

  @Override
  public void setSoTimeout(int millis) {}
}
