package kv.router.wire;

import java.rmi.Remote;
import java.rmi.RemoteException;

/** What one node asks of another: the whole of the interface between nodes. */
public interface Peer extends Remote {
  /** The most bytes that a call or its answer may have. */
  int MAX_BYTES = 32 * 1024 * 1024;

  /**
   * Runs a {@link Call} of commands, in order, as far as the answer has room.
   *
   * @return the replies, in the form of {@link kv.command.ReplyCodec}, to the first commands of the
   *     call: at least one, and no command after these has been run
   */
  byte[] call(byte[] call) throws RemoteException;

  /**
   * Runs several calls of different clients, one after another, so that none waits for another
   * node: what a further one would have to run is left for a {@link #call} of its own.
   *
   * @param calls each as for {@link #call}, behind its length in four bytes
   * @return the replies to the first commands of each, perhaps to none, behind their length in four
   *     bytes; there may be fewer answers than calls; no command without reply has been run
   */
  byte[] share(byte[] calls) throws RemoteException;

  /**
   * The next part of a listing.
   *
   * @param listing the number that came with the first part
   * @return a part in the form of {@link kv.command.ListingCodec}
   */
  byte[] next(long listing) throws RemoteException;

  /**
   * Where the observer of this node is. A node of an earlier version does not know this method.
   *
   * @return the {@link ObserverAddress#url} of it; empty if there is none
   */
  byte[] observer() throws RemoteException;

  /** Says that nobody will ask for the rest of a listing; see {@link #next}. */
  void drop(long listing) throws RemoteException;
}
