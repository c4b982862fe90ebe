package kv.server.verbs;

import kv.command.Access;
import kv.command.Listing;
import kv.command.Words;
import kv.server.wire.ClientReply;
import kv.store.Bucket;
import kv.store.Storage;

/** Lists the buckets that this node holds, in the order of their bytes. */
public final class Buckets implements NodeCommand {
  private final Storage storage;

  Buckets(Storage storage) {
    this.storage = storage;
  }

  @Override
  public String usage() {
    return "BUCKETS";
  }

  @Override
  public String summary() {
    return "the buckets that this node holds, a line each; OK";
  }

  @Override
  public Access access() {
    return Access.READ;
  }

  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) {
    storage.ensureLoaded();
    reply.list(
        Listing.copyOf(
            names -> storage.all().stream().map(Bucket::name).sorted().forEach(names),
            reply.memory()));
    return AfterReply.GO_ON;
  }
}
