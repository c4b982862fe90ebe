package kv.router;

import java.lang.System.Logger.Level;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.command.Listing.CutOffException;
import kv.command.ListingCodec;
import kv.command.ReplyCodec;
import kv.router.link.CallFailedException;
import kv.router.link.Link;

/** What is left of listings that begin in a peer's answer: asked for there, part by part. */
record PeerListings(Router router, Link peer) implements ListingCodec.Rest {
  private static final System.Logger LOG = System.getLogger(PeerListings.class.getName());

  @Override
  public byte[] next(long number) throws CutOffException {
    router.countCall(peer);
    try {
      return peer.next(number);
    } catch (CallFailedException e) {
      router.countFailedCall(peer);
      throw new CutOffException(e.what(), e);
    }
  }

  @Override
  public void drop(long number) {
    try {
      peer.drop(number);
    } catch (CallFailedException e) {
      LOG.log(Level.DEBUG, "a listing is kept on in vain for a while", e);
    }
  }

  /** Drops those that are still to come in {@code answer}, which is left because of that. */
  void dropAll(ByteCursor answer, Throwable because) {
    try {
      while (answer.hasNext()) ReplyCodec.skip(answer, this);
    } catch (MalformedException | RuntimeException e) {
      because.addSuppressed(e);
    }
  }
}
