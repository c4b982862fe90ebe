package kv.drill;

import java.time.Duration;

/** How long drills are: short in every build, long with the Maven profile {@code drills}. */
final class Form {
  static final boolean IS_LONG = "long".equals(System.getProperty("kv.drills"));

  private Form() {}

  /** The one of two durations that this build asks for. */
  static Duration of(Duration inShortForm, Duration inLongForm) {
    return IS_LONG ? inLongForm : inShortForm;
  }

  /** The one of two numbers that this build asks for. */
  static int of(int inShortForm, int inLongForm) {
    return IS_LONG ? inLongForm : inShortForm;
  }
}
