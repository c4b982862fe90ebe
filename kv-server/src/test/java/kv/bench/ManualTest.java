package kv.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.server.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManualTest {
  @ParameterizedTest
  @EnumSource
  void describesEveryKeyAsTheNodesManualDoes(BenchKey key) {
    assertThat(Manual.text().lines())
        .containsSubsequence("  " + key + "=" + key.defaultValue(),
            "      " + key.purpose() + ":", "      " + key.rule().legal());
  }

  @Test
  void fitsInAHundredColumns() {
    assertThat(Manual.text().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void saysHowToReachAPeerAndWhatTheExitStatusMeans() {
    assertThat(Manual.text())
        .contains("over RMI, set bucket to a name")
        .containsSubsequence("\n  0  ", "\n  1  ", "\n  2  ")
        .endsWith("mix=90\n");
  }

  @Test
  void hasAnExampleThatIsLegal() {
    List<String> example = List.of(Manual.text().strip().split(".* bench "));
    assertThat(Settings.of(List.of(example.get(example.size() - 1).split(" "))).mix())
        .isEqualTo(90);
  }

  @Test
  void isPrintedWhateverElseIsAskedAndNothingIsRun() throws Exception {
    BenchRun run = BenchRun.ofArguments("prot=1", "--help");
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo(Manual.text().lines().toList());
    assertThat(run.err()).isEmpty();
  }

  @Test
  void isNamedByTheNodesOwn() {
    assertThat(Config.help()).contains("kv-server.jar bench [KEY=VALUE ...]", "bench --help");
  }
}
