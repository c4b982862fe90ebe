package kv.webdriver;

/** Says that the browser, or what drives it, could not do what it was asked for. */
public final class WebDriverException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;

  WebDriverException(String code, String message, Throwable cause) {
    super(code + ": " + message, cause);
    this.code = code;
  }

  /** WebDriver's own word for it, as {@code no such element}. */
  public String code() {
    return code;
  }
}
