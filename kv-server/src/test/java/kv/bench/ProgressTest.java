package kv.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000;
  private static final String NEW_LINE = System.lineSeparator();

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, UTF_8);
  private final Tally one = new Tally();
  private final Tally other = new Tally();

  private void twoSeconds(Progress progress) {
    progress.begin(5 * SECOND);
    one.answered(100, 1);
    progress.tell(6 * SECOND, List.of(one, other));
    one.answered(50, 1);
    other.answered(350, 1);
    other.failed(3, "why");
    progress.tell(8 * SECOND, List.of(one, other));
    progress.end();
  }

  @Test
  void isALineEachTimeWithWhatWasDoneSinceTheOneBefore() {
    twoSeconds(new Progress(out, false));
    assertThat(printed.toString(UTF_8)).isEqualTo(
        "1 s: 100 requests a second, 0 errors" + NEW_LINE
            + "3 s: 200 requests a second, 3 errors" + NEW_LINE);
  }

  @Test
  void isOneLineThatIsOverwrittenOnATerminal() {
    twoSeconds(new Progress(out, true));
    assertThat(printed.toString(UTF_8).split("\r", 3))
        .satisfies(parts -> {
          assertThat(parts[0]).isEmpty();
          assertThat(parts[1]).startsWith("1 s: 100 requests").hasSize(60);
          assertThat(parts[2]).startsWith("3 s: 200 requests").endsWith(NEW_LINE);
        });
  }

  @Test
  void beginsAnewWithWhatBeginsAnew() {
    Progress progress = new Progress(out, false);
    twoSeconds(progress);
    progress.begin(20 * SECOND);
    progress.tell(21 * SECOND, List.of(new Tally()));
    assertThat(printed.toString(UTF_8))
        .endsWith("1 s: 0 requests a second, 0 errors" + NEW_LINE);
  }

  @Test
  void isNothingForWhatTakesLessThanASecond() {
    Progress progress = new Progress(out, true);
    progress.begin(0);
    progress.end();
    assertThat(printed.toString(UTF_8)).isEmpty();
  }
}
