package kv.observer.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics, read by the letter of the format: each family has its help and its type before its
 * samples, which stand together; no series stands twice; names, labels and numbers are legal;
 * histograms rise to their count. What breaks a rule is an error that names the line.
 *
 * @param families by their names, in their order
 */
public record ParsedMetrics(Map<String, Family> families) {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (.+)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (" + NAME + ") ([a-z]+)");
  private static final String LABEL =
      "([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"";
  private static final Pattern ONE_LABEL = Pattern.compile(LABEL);
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(" + NAME + ")(?:\\{(" + LABEL + "(?:," + LABEL + ")*)\\})? "
              + "(-?[0-9]+(?:\\.[0-9]+)?(?:[eE]-?[0-9]+)?)");

  /** All of one name. */
  public record Family(String name, String type, String help, List<Sample> samples) {
    /** The value of the one sample with these labels: names and values in turn. */
    public double value(String... labels) {
      Map<String, String> wanted = new LinkedHashMap<>();
      for (int i = 0; i < labels.length; i += 2) wanted.put(labels[i], labels[i + 1]);
      List<Sample> found = samples.stream().filter(one -> one.labels.equals(wanted)).toList();
      require(found.size() == 1, found.size() + " of " + wanted, toString());
      return found.get(0).value;
    }

    /** The names of all labels but those of a format's own. */
    public Set<String> labelNames() {
      Set<String> names = new HashSet<>();
      for (Sample one : samples) names.addAll(one.labels.keySet());
      names.remove("le");
      return names;
    }

    /** The values of that label, in their order. */
    public List<String> values(String label) {
      return samples.stream().map(sample -> sample.labels.get(label)).toList();
    }
  }

  /** One series, with what stands behind the family's name. */
  public record Sample(String suffix, Map<String, String> labels, double value) {}

  /** One of them; it must be there. */
  public Family family(String name) {
    if (!families.containsKey(name)) throw new AssertionError("no " + name);
    return families.get(name);
  }

  /** The text format of Prometheus, 0.0.4. */
  public static ParsedMetrics ofPrometheus(String text) {
    return parse(text, false);
  }

  /** OpenMetrics 1.0.0. */
  public static ParsedMetrics ofOpenMetrics(String text) {
    if (!text.endsWith("\n# EOF\n")) throw new AssertionError("no # EOF in the end");
    return parse(text.substring(0, text.length() - "# EOF\n".length()), true);
  }

  private static ParsedMetrics parse(String text, boolean isOpenMetrics) {
    if (!text.endsWith("\n")) throw new AssertionError("the last line does not end");
    Map<String, Family> families = new LinkedHashMap<>();
    Set<String> series = new HashSet<>();
    String help = null;
    Family now = null;
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      Matcher helpLine = HELP.matcher(line);
      Matcher typeLine = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (helpLine.matches()) {
        now = null;
        help = helpLine.group(1);
        require(!families.containsKey(help), "twice", line);
        families.put(help, new Family(help, "", helpLine.group(2), new ArrayList<>()));
      } else if (typeLine.matches()) {
        require(typeLine.group(1).equals(help), "a type without help before it", line);
        now = new Family(help, typeLine.group(2), families.get(help).help, new ArrayList<>());
        requireLegal(now, isOpenMetrics, line);
        families.put(help, now);
      } else if (sample.matches()) {
        require(now != null && sample.group(1).startsWith(now.name), "of no family", line);
        require(series.add(line.substring(0, line.lastIndexOf(' '))), "twice", line);
        String suffix = sample.group(1).substring(now.name.length());
        require(suffixes(now, isOpenMetrics).contains(suffix), "of another family", line);
        now.samples.add(
            new Sample(
                suffix, labels(sample.group(2), line), Double.parseDouble(sample.group(7))));
      } else throw new AssertionError("neither comment nor sample: " + line);
    }
    for (Family family : families.values()) {
      require(!family.samples.isEmpty(), "no sample", family.name);
      if (family.type.equals("histogram")) requireRising(family);
    }
    return new ParsedMetrics(families);
  }

  private static void requireLegal(Family family, boolean isOpenMetrics, String line) {
    boolean isTotal = family.name.endsWith("_total");
    switch (family.type) {
      case "counter" -> require(isTotal != isOpenMetrics, "the name of a counter", line);
      case "gauge", "histogram", "summary" -> require(!isTotal, "a name of a counter", line);
      case "info" -> require(isOpenMetrics && !family.name.endsWith("_info"), "an info", line);
      default -> throw new AssertionError("no such type: " + line);
    }
  }

  private static Set<String> suffixes(Family family, boolean isOpenMetrics) {
    return switch (family.type) {
      case "counter" -> Set.of(isOpenMetrics ? "_total" : "");
      case "info" -> Set.of("_info");
      case "histogram" -> Set.of("_bucket", "_count", "_sum");
      case "summary" -> Set.of("_count", "_sum");
      default -> Set.of("");
    };
  }

  private static Map<String, String> labels(String all, String line) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (all == null) return labels;
    Matcher one = ONE_LABEL.matcher(all);
    while (one.find())
      require(labels.put(one.group(1), unescaped(one.group(2))) == null, "a label twice", line);
    return labels;
  }

  private static String unescaped(String value) {
    return Pattern.compile("\\\\(.)")
        .matcher(value)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(escape.group(1).equals("n") ? "\n" : escape.group(1)));
  }

  private static void requireRising(Family family) {
    double bound = 0;
    double count = 0;
    for (Sample one : family.samples) {
      if (!one.suffix.equals("_bucket")) continue;
      String text = one.labels.get("le");
      double le = text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
      require(le > bound && one.value >= count, "a histogram that falls", one.toString());
      bound = le;
      count = one.value;
    }
    double all = count;
    require(Double.isInfinite(bound), "no bucket for all", family.name);
    require(
        family.samples.stream().anyMatch(one -> one.suffix.equals("_count") && one.value == all),
        "another count than that of all",
        family.name);
    require(
        family.samples.stream().anyMatch(one -> one.suffix.equals("_sum")), "no sum", family.name);
  }

  private static void require(boolean isRight, String fault, String line) {
    if (!isRight) throw new AssertionError(fault + ": " + line);
  }
}
