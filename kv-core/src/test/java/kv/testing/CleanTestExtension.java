package kv.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Holds for every test of every module: it leaves no thread behind, and logs nothing at WARNING or
 * above that it has not allowed.
 */
public final class CleanTestExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  /**
   * The JDK's own, besides those in its group of innocuous ones: RMI's outlive an unexport for a
   * while, the others live as long as the JVM.
   */
  private static final List<String> JDK_THREADS =
      List.of(
          "RMI ",
          "JFR ",
          "GC Daemon",
          "process reaper",
          "ForkJoinPool.commonPool",
          "Attach Listener",
          "Signal Dispatcher",
          "Keep-Alive",
          "JFR ",
          "junit-",
          "surefire-",
          "ForkJoinPool-1-");

  private static final int PATIENCE_SECONDS = 20;
  private static final Namespace SPACE = Namespace.create(CleanTestExtension.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    LogCapture log = log(context);
    log.install();
    context.getStore(SPACE).put("threads", live());
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    LogCapture log = log(context);
    log.uninstall();
    @SuppressWarnings("unchecked")
    Set<Thread> before = context.getStore(SPACE).get("threads", Set.class);
    long deadline = System.nanoTime() + SECONDS.toNanos(PATIENCE_SECONDS);
    for (Thread thread : live()) {
      if (before.contains(thread) || isOfJdk(thread)) continue;
      SECONDS.timedJoin(thread, Math.max(1, (deadline - System.nanoTime()) / 1_000_000_000));
      if (thread.isAlive()) throw leaked(thread);
    }
    if (!log.unexpected().isEmpty())
      throw new AssertionError("the test logged what it did not allow: " + log.unexpected());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == LogCapture.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return log(context);
  }

  private static LogCapture log(ExtensionContext context) {
    return context
        .getStore(SPACE)
        .getOrComputeIfAbsent("log", key -> new LogCapture(), LogCapture.class);
  }

  private static Set<Thread> live() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }

  private static boolean isOfJdk(Thread thread) {
    ThreadGroup group = thread.getThreadGroup(); // null, if it has ended
    return group != null && group.getName().equals("InnocuousThreadGroup")
        || JDK_THREADS.stream().anyMatch(thread.getName()::startsWith);
  }

  private static AssertionError leaked(Thread thread) {
    AssertionError error = new AssertionError("the test left a thread behind: " + thread);
    error.setStackTrace(thread.getStackTrace());
    return error;
  }
}
