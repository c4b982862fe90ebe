package kv.webdriver;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the tests of a class one {@link Browser} as a parameter, each of them with an empty page
 * {@value #WIDTH} pixels wide and {@value #HEIGHT} high, in the light, and without errors; skips
 * them where chromium or chromedriver is not installed.
 */
public final class BrowserExtension implements BeforeEachCallback, ParameterResolver {
  public static final int WIDTH = 1280;
  public static final int HEIGHT = 800;

  private static final Namespace SPACE = Namespace.create(BrowserExtension.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    Driver.assumeInstalled();
    Browser browser = browser(context);
    browser.open("about:blank");
    browser.resize(WIDTH, HEIGHT);
    browser.setDark(false);
    browser.errors(); // of a test before
  }

  /** The store closes it when the last test of the outermost class is over. */
  private static Browser browser(ExtensionContext context) {
    ExtensionContext outermost = context;
    while (outermost.getParent().flatMap(ExtensionContext::getTestClass).isPresent())
      outermost = outermost.getParent().orElseThrow();
    return outermost
        .getStore(SPACE)
        .getOrComputeIfAbsent("browser", key -> start(), Browser.class);
  }

  private static Browser start() {
    try {
      return Browser.start(WIDTH, HEIGHT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Browser.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return browser(context);
  }
}
