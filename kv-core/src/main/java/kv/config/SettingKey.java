package kv.config;

/** Something that can be set, as an enum lists it; {@code toString} is how it is written. */
public interface SettingKey {
  /** What it is if nobody sets it; legal by the rule. */
  String defaultValue();

  /** What its values must be. */
  Rule rule();

  /** What it is for, in one phrase without a full stop. */
  String purpose();
}
