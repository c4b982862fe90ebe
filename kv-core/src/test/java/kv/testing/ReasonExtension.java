package kv.testing;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Prints why a test of any module was skipped, or has failed, when that happens. */
public final class ReasonExtension implements TestWatcher {
  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    System.out.println("skipped: " + name(context) + ": " + reason.orElse("no reason given"));
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    System.out.println("skipped: " + name(context) + ": " + cause.getMessage());
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    System.out.println("failed: " + name(context));
    cause.printStackTrace(System.out);
  }

  private static String name(ExtensionContext context) {
    String method = context.getRequiredTestMethod().getName();
    String shown = context.getDisplayName();
    return context.getRequiredTestClass().getName()
        + (shown.startsWith(method) ? "." + method : "." + method + " " + shown);
  }
}
