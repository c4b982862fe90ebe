package kv.testing;

import java.time.Duration;

/**
 * How much tests do that find more the longer they run: little in every build, all of it with the
 * Maven profile {@code drills}.
 */
public final class Form {
  public static final boolean IS_LONG = "long".equals(System.getProperty("kv.drills"));

  private Form() {}

  /** The one of two durations that this build asks for. */
  public static Duration of(Duration inShortForm, Duration inLongForm) {
    return IS_LONG ? inLongForm : inShortForm;
  }

  /** The one of two numbers that this build asks for. */
  public static int of(int inShortForm, int inLongForm) {
    return IS_LONG ? inLongForm : inShortForm;
  }
}
