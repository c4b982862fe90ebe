package kv.router.link;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;

/** A way to a peer on which each trip stays until a test says how it ends. */
final class HeldCarrier implements SharedCalls.Carrier {
  /** What left together, and on whose thread. */
  static final class Trip {
    private final CompletableFuture<List<ByteCursor>> end = new CompletableFuture<>();
    final List<String> calls;
    final Thread thread = Thread.currentThread();

    private Trip(List<String> calls) {
      this.calls = calls;
    }

    /** Brings it back with each call as its own answer. */
    void answer() {
      answer(calls.size());
    }

    /** The same, for the first {@code count} calls only. */
    void answer(int count) {
      end.complete(echo(calls.subList(0, count)));
    }

    /** The same, but only the first answer can be given out before {@code rest} is at zero. */
    void answerTheFirst(CountDownLatch rest) {
      List<ByteCursor> answers = echo(calls);
      end.complete(
          new AbstractList<>() {
            @Override
            public int size() {
              return answers.size();
            }

            @Override
            public ByteCursor get(int i) {
              try {
                if (i > 0) rest.await();
              } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts this", e);
              }
              return answers.get(i);
            }
          });
    }

    /** Has it end with {@code failure}. */
    void fail(Throwable failure) {
      end.completeExceptionally(failure);
    }
  }

  private final BlockingQueue<Trip> trips = new LinkedBlockingQueue<>();
  private final Queue<Trip> all = new ConcurrentLinkedQueue<>();
  private volatile boolean isOpen;

  /** The next trip, as soon as it has begun. */
  Trip next() throws InterruptedException {
    return trips.take();
  }

  /** Answers all trips, also those that begin later, so that a test that fails leaves nobody. */
  void letGo() {
    isOpen = true;
    all.forEach(Trip::answer);
  }

  private final Semaphore looks = new Semaphore(0);
  private final CountDownLatch lookOver = new CountDownLatch(1);
  private final AtomicInteger brokenOff = new AtomicInteger();
  private volatile boolean doLooksLast;

  /** Waits until somebody looks for the peer. */
  void awaitLook() throws InterruptedException {
    looks.acquire();
  }

  /** Has looks that begin from now on last until they are broken off. */
  void haveLooksLast() {
    doLooksLast = true;
    looks.drainPermits();
  }

  /** How often what is under way was to be broken off. */
  int brokenOff() {
    return brokenOff.get();
  }

  @Override
  public void look() {
    boolean doesLast = doLooksLast;
    looks.release();
    try {
      if (doesLast) lookOver.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void breakOff(Thread thread) {
    brokenOff.incrementAndGet();
    lookOver.countDown();
  }

  /** Whether no trip has begun that {@link #next} has not given. */
  boolean isIdle() {
    return trips.isEmpty();
  }

  @Override
  public List<ByteCursor> share(byte[] calls, int count) throws CallFailedException {
    Trip trip = new Trip(texts(calls, count));
    all.add(trip);
    trips.add(trip);
    if (isOpen) trip.answer();
    try {
      return trip.end.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof CallFailedException failure) throw failure;
      if (e.getCause() instanceof Error error) throw error;
      throw (RuntimeException) e.getCause();
    }
  }

  /** The {@code count} calls that {@code calls} must consist of, a char for each byte. */
  static List<String> texts(byte[] calls, int count) {
    List<String> texts = new ArrayList<>();
    ByteCursor source = new ByteCursor(calls);
    try {
      while (source.hasNext()) {
        int length = source.nextInt();
        texts.add(new String(calls, source.skip(length), length, ISO_8859_1));
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    if (texts.size() != count) throw new AssertionError(count + " calls are " + texts.size());
    return texts;
  }

  /** An answer for each of {@code calls}, which is the call. */
  static List<ByteCursor> echo(List<String> calls) {
    return calls.stream().map(call -> new ByteCursor(call.getBytes(ISO_8859_1))).toList();
  }

  /** All of an answer that nobody has read yet. */
  static String text(ByteCursor answer) {
    StringBuilder text = new StringBuilder();
    try {
      while (answer.hasNext()) text.append((char) answer.next());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    return text.toString();
  }
}
