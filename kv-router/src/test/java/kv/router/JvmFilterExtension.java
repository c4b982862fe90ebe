package kv.router;

import java.io.ObjectInputFilter;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Filters what is read from the wire in the tests' JVM as in a node's, before any test runs. */
public final class JvmFilterExtension implements BeforeAllCallback {
  @Override
  public synchronized void beforeAll(ExtensionContext context) {
    if (ObjectInputFilter.Config.getSerialFilter() == null) PeerFilter.setForWholeJvm();
  }
}
