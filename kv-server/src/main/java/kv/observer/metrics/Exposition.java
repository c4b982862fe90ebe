package kv.observer.metrics;

import java.util.Locale;

/**
 * Writes metrics in the text format of Prometheus, 0.0.4, or in OpenMetrics 1.0.0. A family whose
 * samples come next is begun by its name as its samples have it; one without samples leaves no
 * trace. Not safe for use by several threads.
 */
final class Exposition {
  private static final String TOTAL = "_total";
  private static final String INFO = "_info";

  private final boolean isOpenMetrics;
  private final StringBuilder text = new StringBuilder(16 * 1024);
  private String name;
  private Type type;
  private String help;
  private boolean isHeadWritten;

  /** What kinds of families there are. */
  enum Type {
    COUNTER(TOTAL),
    GAUGE(""),
    HISTOGRAM(""),
    SUMMARY(""),
    INFO(Exposition.INFO);

    /** The end of a sample's name that is not in the family's, in OpenMetrics. */
    private final String suffix;

    Type(String suffix) {
      this.suffix = suffix;
    }
  }

  Exposition(boolean isOpenMetrics) {
    this.isOpenMetrics = isOpenMetrics;
  }

  /** Begins a family. */
  Exposition family(String name, Type type, String help) {
    if (!name.endsWith(type.suffix))
      throw new IllegalArgumentException(
          name + " is a " + type + ", whose name must end in " + type.suffix);
    this.name = name;
    this.type = type;
    this.help = help;
    isHeadWritten = false;
    return this;
  }

  /** A counter as long as it counts. */
  Exposition counter(String name, String help) {
    return family(name, Type.COUNTER, help);
  }

  Exposition gauge(String name, String help) {
    return family(name, Type.GAUGE, help);
  }

  /** A sample of the family, with labels: names and values in turn. */
  Exposition sample(Number value, String... labels) {
    return sample("", value, labels);
  }

  /** The same for the part of the family that has {@code suffix} behind its name. */
  Exposition sample(String suffix, Number value, String... labels) {
    if (!isHeadWritten) writeHead();
    text.append(name).append(suffix);
    for (int i = 0; i < labels.length; i += 2) {
      text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      escape(labels[i + 1], true);
      text.append('"');
    }
    text.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
    return this;
  }

  private void writeHead() {
    isHeadWritten = true;
    String family =
        isOpenMetrics ? name.substring(0, name.length() - type.suffix.length()) : name;
    Type told = type == Type.INFO && !isOpenMetrics ? Type.GAUGE : type;
    text.append("# HELP ").append(family).append(' ');
    escape(help, isOpenMetrics);
    text.append("\n# TYPE ").append(family).append(' ');
    text.append(told.name().toLowerCase(Locale.ROOT)).append('\n');
  }

  private void escape(String raw, boolean isQuoteEscaped) {
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '\n') text.append("\\n");
      else if (c == '\\' || c == '"' && isQuoteEscaped) text.append('\\').append(c);
      else text.append(c);
    }
  }

  /** All that was written; nothing may follow. */
  String end() {
    if (isOpenMetrics) text.append("# EOF\n");
    return text.toString();
  }
}
