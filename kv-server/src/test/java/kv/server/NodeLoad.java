package kv.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import kv.server.net.Clients;
import kv.server.testing.TestClient;

/**
 * Clients at work on a node while a test breaks parts of it. Each writes counters into a bucket
 * that all share and into buckets that it makes on its way, remembers what was acknowledged, and
 * connects anew when its connection is cut.
 */
final class NodeLoad {
  private static final int STEPS_PER_BUCKET = 20;

  /** What one client has seen. */
  private final class Client implements Callable<Client> {
    final int number;
    final List<String> created = new ArrayList<>();
    final Map<String, Long> written = new HashMap<>();
    final List<String> refusals = new ArrayList<>();
    int cuts;
    long attempted;

    /** The bucket of its own that it writes to; null if it has none. */
    String own;

    /** Guarded by the load. */
    long done;

    Client(int number) {
      this.number = number;
    }

    @Override
    public Client call() throws IOException {
      while (!stopping) {
        try (TestClient client = new TestClient(node.serverPort().getAsInt())) {
          while (!stopping) step(client);
        } catch (IOException cut) {
          if (stopping) break;
          cuts++;
        }
      }
      return this;
    }

    private void step(TestClient client) throws IOException {
      attempted++;
      if (attempted % STEPS_PER_BUCKET == 1) create(client, "own-" + number + "-" + attempted);
      put(client, "shared", "key-" + number);
      if (own != null) put(client, own, "key");
      did(this);
    }

    private void create(TestClient client, String bucket) throws IOException {
      own = null;
      if (!isOk(client.ask("CREATE " + bucket))) return;
      own = bucket;
      created.add(bucket);
    }

    private void put(TestClient client, String bucket, String key) throws IOException {
      if (isOk(client.ask("PUT " + bucket + " " + key + " " + attempted)))
        written.put(bucket + " " + key, attempted);
    }

    private boolean isOk(String reply) {
      if (!reply.equals("OK")) refusals.add(reply);
      return reply.equals("OK");
    }
  }

  private final Node node;
  private final List<Client> clients = new ArrayList<>();
  private final List<FutureTask<Client>> running = new ArrayList<>();
  private volatile boolean stopping;

  NodeLoad(Node node, int count) throws IOException {
    this.node = node;
    try (TestClient client = new TestClient(node.serverPort().getAsInt())) {
      client.ask("CREATE shared");
    }
    for (int i = 0; i < count; i++) clients.add(new Client(i));
    for (Client client : clients) {
      FutureTask<Client> task = new FutureTask<>(client);
      running.add(task);
      new Thread(task, "load-" + client.number).start();
    }
  }

  private synchronized void did(Client client) {
    client.done++;
    notifyAll();
  }

  /** Waits until each client has been served {@code more} times from now on. */
  synchronized void awaitProgress(int more) throws InterruptedException {
    Map<Client, Long> goals = new HashMap<>();
    for (Client client : clients) goals.put(client, client.done + more);
    while (goals.entrySet().stream().anyMatch(goal -> goal.getKey().done < goal.getValue())) wait();
  }

  /** Ends the work, and answers what was acknowledged and is not there. */
  List<String> lost() throws InterruptedException, ExecutionException, IOException {
    stop();
    List<String> lost = new ArrayList<>();
    try (TestClient reader = new TestClient(node.serverPort().getAsInt())) {
      for (Client client : clients) {
        for (String bucket : client.created)
          if (reader.get(bucket, "key").equals("NOT FOUND")) lost.add("CREATE " + bucket);
        for (Map.Entry<String, Long> write : client.written.entrySet()) {
          String[] where = write.getKey().split(" ");
          String found = reader.get(where[0], where[1]);
          if (!covers(found, write.getValue(), client.attempted))
            lost.add("PUT " + write.getKey() + " " + write.getValue() + ", found " + found);
        }
      }
    }
    return lost;
  }

  /**
   * A write that was cut off may have been carried out after the last one that was acknowledged.
   */
  private static boolean covers(String found, long acknowledged, long attempted) {
    if (!found.matches("[0-9]+")) return false;
    long value = Long.parseLong(found);
    return acknowledged <= value && value <= attempted;
  }

  /** How many keys have an acknowledged write; to be asked after the end. */
  long keysWritten() {
    return clients.stream().mapToLong(client -> client.written.size()).sum();
  }

  /** How many connections were cut; to be asked after the end. */
  int cuts() {
    return clients.stream().mapToInt(client -> client.cuts).sum();
  }

  /** Replies other than OK, each once; to be asked after the end. */
  List<String> refusals() {
    return clients.stream().flatMap(client -> client.refusals.stream()).distinct().toList();
  }

  /** Ends the work. */
  void stop() throws InterruptedException, ExecutionException {
    stopping = true;
    for (FutureTask<Client> task : running) task.get();
  }
}
