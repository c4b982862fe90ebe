package kv.webdriver;

import java.util.Map;

/** An element of a page, as long as that has it. */
public final class Element {
  /** WebDriver's own key for one in JSON. */
  static final String KEY = "element-6066-11e4-a52e-4f735466cecf";

  private final Driver driver;
  private final String id;

  Element(Driver driver, String id) {
    this.driver = driver;
    this.id = id;
  }

  /** Its text as a user sees it: nothing of what is hidden. */
  public String text() {
    return (String) driver.get(path("/text"));
  }

  /** Clicks in its middle, after scrolling to it. */
  public void click() {
    driver.post(path("/click"), Map.of());
  }

  /** Types {@code text}, in which Enter is {@code \ue007} and Tab {@code \ue004}. */
  public void type(String text) {
    driver.post(path("/value"), Map.of("text", text));
  }

  /** Null if it has none of that name. */
  public String attribute(String name) {
    return (String) driver.get(path("/attribute/" + name));
  }

  public boolean isDisplayed() {
    return (Boolean) driver.get(path("/displayed"));
  }

  private String path(String of) {
    return "/element/" + id + of;
  }

  Map<String, Object> json() {
    return Map.of(KEY, id);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Element element && element.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "element " + id;
  }
}
