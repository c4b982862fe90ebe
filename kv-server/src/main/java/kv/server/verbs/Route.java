package kv.server.verbs;

import java.util.Optional;
import kv.command.Access;
import kv.command.Words;
import kv.router.Router;
import kv.server.wire.ClientReply;
import kv.store.Bucket;
import kv.store.Bytes;

/** Tells which node a bucket belongs to. */
final class Route implements NodeCommand {
  private final Router router;

  Route(Router router) {
    this.router = router;
  }

  @Override
  public String usage() {
    return "ROUTE bucket";
  }

  @Override
  public String summary() {
    return "the node that the name routes to; OK";
  }

  @Override
  public Access access() {
    return Access.READ;
  }

  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) {
    Bytes bucket = words.bytes(1);
    String fault = Bucket.nameFault(bucket.length());
    Optional<String> node = fault == null ? router.route(bucket) : Optional.empty();
    if (node.isPresent()) reply.value(Bytes.of(node.get()));
    else reply.error(fault != null ? fault : "no route for bucket " + bucket.quoted());
    return AfterReply.GO_ON;
  }
}
