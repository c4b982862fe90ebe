package kv.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import kv.router.table.RoutingTable;
import kv.testing.LogCapture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What node {@code foo} thinks of a table that names it, or its address. */
class OwnAddressTest {
  @TempDir Path folder;

  private void check(String host, String row) throws Exception {
    Path table = Files.writeString(folder.resolve("routing.properties"), "a-z=" + row);
    new OwnAddress("foo", host, 4050).check(RoutingTable.read(table));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, foo@127.0.0.1:4051", "127.0.0.1, foo@10.0.0.1:4050", "0.0.0.0, foo@10.0.0.1:4051"
  })
  void warnsOfItsNameAtAnotherAddress(String host, String row, LogCapture log) throws Exception {
    log.allow("^foo@.* in the routing table is this node, which accepts peers on .*:4050; set ");
    check(host, row);
    assertThat(log.messages(Level.WARNING)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, bar@127.0.0.1:4050", "127.0.0.1, bar@LocalHost:4050",
    "127.0.0.1, bar@[::ffff:127.0.0.1]:4050", "0.0.0.0, bar@0.0.0.0:4050",
    "0.0.0.0, bar@localhost:4050", "'::', bar@127.0.0.2:4050", "a.example, bar@A.example:4050"
  })
  void warnsOfItsAddressUnderAnotherName(String host, String row, LogCapture log)
      throws Exception {
    log.allow("^bar@.*:4050 in the routing table is at the address of this node, foo; set ");
    check(host, row);
    assertThat(log.messages(Level.WARNING)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, foo@127.0.0.1:4050", "127.0.0.1, foo@localhost:4050", "0.0.0.0, foo@10.0.0.1:4050",
    "'::', foo@[fe80::1]:4050", "0.0.0.0, bar@192.0.2.1:4050", "127.0.0.1, bar@127.0.0.1:4051",
    "127.0.0.1, bar@127.0.0.2:4050", "'::1', foo@localhost:4050", "127.0.0.1, bar@b.example:4050"
  })
  void isContentWithWhatMayBeRight(String host, String row) throws Exception {
    check(host, row); // and logs no warning
  }
}
