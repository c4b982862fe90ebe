import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Servers that are measured beside each other; closing it ends them all. */
record Fleet(List<Server> servers) implements AutoCloseable {
  /** Starts those that are installed, and notes the others. */
  static Fleet start(Lab lab, Peer... peers) throws IOException, InterruptedException {
    Fleet fleet = new Fleet(new ArrayList<>());
    try {
      for (Peer peer : peers)
        if (peer.isInstalled(lab.report())) fleet.servers.add(lab.launcher().start(peer));
      return fleet;
    } catch (IOException | InterruptedException e) {
      fleet.close();
      throw e;
    }
  }

  /** Gives values to keys that a load asks for. */
  void fill(int from, int end) throws IOException {
    for (Server server : servers) server.fill(from, end);
  }

  @Override
  public void close() {
    servers.forEach(Server::close);
  }
}
