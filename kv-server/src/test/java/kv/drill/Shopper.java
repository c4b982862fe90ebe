package kv.drill;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * A client that writes, reads and deletes keys of its own, in all buckets, through one node, and
 * reports whatever is not as it must be.
 *
 * <p>A key with a write in doubt is written no more: it is put aside, to be looked at, and another
 * takes its place. So each write that comes late is seen, and excuses nothing else. After a write
 * that was refused, its key is read before it is written again, so that a refusal that lied shows.
 */
final class Shopper implements Callable<Void> {
  private static final int KEYS_IN_A_BUCKET = 5;
  private static final int MOST_ASIDE_TO_SWEEP = 20;

  private final int number;
  private final Drill drill;
  private final List<Shelf> shelves;
  private final Random random;
  private final List<Item> items = new ArrayList<>();
  private final List<Item> aside = new ArrayList<>();
  private int writes;
  private int faultsSeen;
  private Door door;

  /** The present connection; null if there is none. */
  private volatile Store store;

  Shopper(int number, Drill drill, List<Shelf> shelves, Door home) {
    this.number = number;
    this.drill = drill;
    this.shelves = shelves;
    this.door = home;
    random = new Random(number);
    for (Shelf shelf : shelves)
      for (int i = 0; i < KEYS_IN_A_BUCKET; i++) items.add(newItem(shelf));
  }

  private Item newItem(Shelf shelf) {
    return new Item(shelf, "c" + number + "-k" + (items.size() + aside.size()));
  }

  /** The present connection; null if there is none. For any thread. */
  Store store() {
    return store;
  }

  /** Works until the drill is over. */
  @Override
  public Void call() throws IOException, InterruptedException {
    try {
      while (!drill.isOver()) {
        if (faultsSeen == drill.faults()) step();
        else sweep();
      }
    } catch (WrongReplyException e) {
      drill.report("client " + number + ": " + e.getMessage());
    }
    return null;
  }

  private void step() throws IOException, InterruptedException {
    Item item = items.get(random.nextInt(items.size()));
    int dice = random.nextInt(100);
    if (item.isInDoubt() || dice < 40) read(item);
    else write(item, dice < 85 ? put(item) : Request.delete(item.shelf().bucket(), item.key()));
  }

  private Request put(Item item) {
    return Request.put(item.shelf().bucket(), item.key(), item.key() + ":" + ++writes);
  }

  /** Looks at what it has after a fault. */
  private void sweep() throws IOException, InterruptedException {
    faultsSeen = drill.faults();
    for (Item item : items) read(item);
    for (Item item : aside.subList(Math.max(0, aside.size() - MOST_ASIDE_TO_SWEEP), aside.size()))
      read(item);
  }

  /**
   * Looks at all that it has through each door, once each bucket is reached through it.
   *
   * @param bound how long it may take until they are
   */
  void checkAll(List<Door> doors, Duration bound) throws IOException, InterruptedException {
    long end = System.nanoTime() + bound.toNanos();
    try {
      for (Door next : doors) {
        leave();
        door = next;
        awaitService(Duration.ofNanos(end - System.nanoTime()));
        for (Item item : items) readSurely(item, bound);
        for (Item item : aside) readSurely(item, bound);
      }
    } catch (WrongReplyException e) {
      drill.report("client " + number + ": " + e.getMessage());
    } finally {
      leave();
    }
  }

  /**
   * Asks until it has been served from each bucket; makes those that are not there.
   *
   * @throws WrongReplyException if it has not been within {@code bound}
   */
  void awaitService(Duration bound) throws IOException, InterruptedException {
    long end = System.nanoTime() + bound.toNanos();
    for (Shelf shelf : shelves) awaitService(shelf, Duration.ofNanos(end - System.nanoTime()));
  }

  private void awaitService(Shelf shelf, Duration bound) throws IOException, InterruptedException {
    String missing = awaitRead(new Item(shelf, "probe"), bound);
    if (missing != null)
      throw new WrongReplyException("no service for " + shelf.bucket() + " again: " + missing);
  }

  /** On a busy machine, an answer may be late even without a fault, and must be asked for again. */
  private void readSurely(Item item, Duration bound) throws IOException, InterruptedException {
    String missing = awaitRead(item, bound);
    if (missing != null)
      throw new WrongReplyException("without any fault, of " + item + ": " + missing);
  }

  /** Null once it has been read, what was answered instead if it is not within {@code bound}. */
  private String awaitRead(Item item, Duration bound) throws IOException, InterruptedException {
    return Patience.until(
        bound,
        () -> {
          Answer answer = read(item);
          return answer.is(Answer.Outcome.DONE) ? null : answer.text();
        });
  }

  private Answer read(Item item) throws IOException, InterruptedException {
    Shelf.Sight sight = item.shelf().look();
    Answer answer = ask(Request.get(item.shelf().bucket(), item.key()));
    boolean isOfOneLife = sight.isOfOneLife();
    if (answer.is(Answer.Outcome.NOT_FOUND)) missing(item, sight, isOfOneLife);
    if (!answer.is(Answer.Outcome.DONE) || !isOfOneLife) return answer;
    if (!item.read(sight.life(), answer.value()))
      throw new WrongReplyException(answer.value() + " was read from " + item);
    if (item.confirms()) drill.countConfirmed();
    return answer;
  }

  private void write(Item item, Request request) throws IOException, InterruptedException {
    Shelf.Sight sight = item.shelf().look();
    Answer answer = ask(request);
    boolean isOfOneLife = sight.isOfOneLife();
    switch (answer.outcome()) {
      case DONE -> {
        if (isOfOneLife) item.wrote(sight.life(), request.written());
        else putAside(item, request);
      }
      case UNKNOWN -> putAside(item, request);
      case NOT_DONE -> item.refused();
      case NOT_FOUND -> missing(item, sight, isOfOneLife);
    }
  }

  private void putAside(Item item, Request request) {
    item.mayHaveWritten(request.written());
    aside.add(item);
    items.set(items.indexOf(item), newItem(item.shelf()));
  }

  private void missing(Item item, Shelf.Sight before, boolean isOfOneLife)
      throws IOException, InterruptedException {
    Shelf shelf = item.shelf();
    if (isOfOneLife && before.isThere())
      throw new WrongReplyException("the bucket is gone, with " + item);
    Shelf.Sight sight = shelf.look();
    Answer answer = ask(Request.create(shelf.bucket()));
    if (answer.is(Answer.Outcome.DONE) && sight.isOfOneLife()) shelf.created(sight);
  }

  private Answer ask(Request request) throws InterruptedException {
    try {
      if (store == null) store = door.open();
      Answer answer = store.run(request);
      if (answer.is(Answer.Outcome.DONE)) drill.count();
      return answer;
    } catch (IOException e) {
      leave();
      return Answer.none(e);
    }
  }

  /** Closes its connection, if it has one. */
  void leave() {
    Store left = store;
    store = null;
    try {
      if (left != null) left.close();
    } catch (IOException e) {
      drill.report("a connection does not close: " + e);
    }
  }
}
