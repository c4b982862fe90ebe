package kv.observer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kv.otp.ExitReason;
import kv.otp.Report;

/**
 * What a supervisor has reported of a child, and what became of it. Holds texts only: what it tells
 * of may be gone long since.
 *
 * @param id counts from 1
 * @param atMillis when it was heard, in milliseconds since 1970
 * @param supervisor what the supervisor is called
 * @param child what the log calls the child
 * @param reason what the child died of
 * @param outcome what became of it, as people read it; empty as long as that is not known
 * @param group the others that were taken along, once they are back
 */
record Happening(
    long id,
    long atMillis,
    String supervisor,
    String child,
    Report.Event event,
    String reason,
    String outcome,
    List<String> group,
    int restarts,
    int intensity,
    long periodMillis) {
  /** How much of a text is kept: the reason of a deep tree is long, and so are names of clients. */
  static final int MAX_TEXT = 1000;

  static Happening of(long id, long atMillis, Report report) {
    return new Happening(
        id,
        atMillis,
        report.supervisor().name(),
        shortened(report.child()),
        report.event(),
        shortened(report.reason().map(ExitReason::toString).orElse("")),
        outcome(report.event()),
        List.of(),
        report.restarts(),
        report.intensity(),
        report.period().toMillis());
  }

  private static String shortened(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  /** Whether it is about that child, as the log calls it. */
  boolean isOf(String supervisor, String child) {
    return this.supervisor.equals(supervisor) && this.child.equals(shortened(child));
  }

  /** What is known at once. */
  private static String outcome(Report.Event event) {
    return switch (event) {
      case CHILD_TERMINATED_FOR_GOOD -> "not restarted";
      case REACHED_MAX_RESTART_INTENSITY -> "the supervisor gave up";
      case AUTO_SHUTDOWN -> "the supervisor ended";
      case SHUTDOWN_ERROR -> "stopped";
      case CHILD_TERMINATED, START_ERROR, RESTARTED -> "";
    };
  }

  /** Whether {@code report} tells what became of this. */
  boolean endsWith(Report report) {
    String by = report.supervisor().name();
    return outcome.isEmpty()
        && switch (report.event()) {
          case START_ERROR -> isOf(by, report.child());
          case RESTARTED -> restarted(report).anyMatch(child -> isOf(by, child));
          case REACHED_MAX_RESTART_INTENSITY -> supervisor.equals(by);
          default -> false;
        };
  }

  /** All that the restart has started. */
  private static Stream<String> restarted(Report report) {
    return Stream.concat(Stream.of(report.child()), report.group().stream());
  }

  /** This, and what {@code report} says became of it. */
  Happening endedBy(Report report) {
    List<String> others =
        report.event() == Report.Event.RESTARTED
            ? restarted(report).filter(one -> !child.equals(shortened(one))).toList()
            : List.of();
    String end =
        switch (report.event()) {
          case RESTARTED ->
              others.isEmpty() ? "restarted" : "restarted with " + String.join(", ", others);
          case START_ERROR -> "start failed; tried again";
          default -> "gave up";
        };
    return new Happening(
        id, atMillis, supervisor, child, event, reason, end, others, report.restarts(), intensity,
        periodMillis);
  }

  /** How bad it is, as the log has it. */
  private String level() {
    return switch (event) {
      case REACHED_MAX_RESTART_INTENSITY -> "error";
      case AUTO_SHUTDOWN, RESTARTED -> "info";
      default -> "warning";
    };
  }

  /** Where the one is that this is about; null if a look has not seen it. */
  private String path(TreePaths paths) {
    return switch (event) {
      case REACHED_MAX_RESTART_INTENSITY, AUTO_SHUTDOWN -> paths.ofSupervisor(supervisor);
      default -> paths.ofChild(supervisor, child);
    };
  }

  /** As the page is told. */
  Map<String, Object> toMap(TreePaths paths) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", id);
    map.put("at", atMillis);
    map.put("supervisor", paths.ofSupervisor(supervisor));
    map.put("path", path(paths));
    map.put("child", child);
    map.put("event", event.toString());
    map.put("reason", reason);
    map.put("outcome", outcome);
    map.put("group", group);
    map.put("restarts", restarts);
    map.put("intensity", intensity);
    map.put("period", periodMillis);
    map.put("level", level());
    return map;
  }
}
