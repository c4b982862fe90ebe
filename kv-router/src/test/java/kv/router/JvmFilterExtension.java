package kv.router;

import java.util.concurrent.atomic.AtomicBoolean;
import kv.router.link.PeerFilter;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Filters what is read from the wire in the tests' JVM as in a node's, before any test runs. */
public final class JvmFilterExtension implements BeforeAllCallback {
  /** A look at the JVM's own factory would make it one that cannot be replaced. */
  private static final AtomicBoolean IS_SET = new AtomicBoolean();

  @Override
  public void beforeAll(ExtensionContext context) {
    if (IS_SET.compareAndSet(false, true)) PeerFilter.setForWholeJvm();
  }
}
