package kv.router.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeAddressTest {
  @Nested
  class Parse {
    @Test
    void takesTheThreePartsApart() {
      assertThat(NodeAddress.parse("foo@127.0.0.1:4050"))
          .isEqualTo(new NodeAddress("foo", "127.0.0.1", 4050));
    }

    @Test
    void takesTheBracketsOffAnIpv6Host() {
      assertThat(NodeAddress.parse("foo@[::1]:4050"))
          .isEqualTo(new NodeAddress("foo", "::1", 4050));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "foo@127.0.0.1:4050", "a@b:1", "A_b.c-9@host-1.example.org:65535", "foo@[::1]:4050",
        "foo@[fe80::1%eth0]:4050", "foo@[::ffff:10.0.0.1]:4050", "-@my_host:1", "a@b.:1"})
    void isUndoneByToString(String text) {
      assertThat(NodeAddress.parse(text)).hasToString(text);
    }

    @Test
    void makesNoDifferenceBetweenUpperAndLowerCaseInHosts() {
      assertThat(NodeAddress.parse("foo@LocalHost:1"))
          .isEqualTo(NodeAddress.parse("foo@localhost:1"))
          .isNotEqualTo(NodeAddress.parse("Foo@localhost:1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "foo", "foo@", "@", "foo@host", "foo@host:", "foo@host:abc", "foo@host:-1",
        "foo@host:+1", "foo@host: 1", "foo@host:1 ", "foo@host:1:2", "foo@::1:4050", "foo@[::1]",
        "foo@[host]:1", "host:4050", "foo@host:0x10", "foo@host:9999999999", "foo@host:1\n"})
    void refusesWhatIsNotNameHostAndPort(String text) {
      assertThatThrownBy(() -> NodeAddress.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("'" + text + "' is not a node address;"
              + " write name@host:port, as in foo@127.0.0.1:4050 or foo@[::1]:4050");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@h:1", " foo@h:1", "f o@h:1", "foo @h:1", "fö@h:1", "a/b@h:1",
        "rmi://foo@h:1"})
    void refusesABadName(String text) {
      assertRefused(text, "is not a node name; use 1 to 64 letters, digits, '_', '.' or '-'");
    }

    @Test
    void refusesANameOfMoreThan64Characters() {
      assertThat(NodeAddress.parse("n".repeat(64) + "@h:1").name()).hasSize(64);
      assertRefused("n".repeat(65) + "@h:1", "is not a node name");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "foo@:1", "foo@a b:1", "foo@-a:1", "foo@a-:1", "foo@a..b:1", "foo@.:1", "foo@a..:1",
        "foo@bar@h:1", "foo@1.2.3:1", "foo@1.2.3.4.5:1", "foo@127.0.0.256:1", "foo@4050:1",
        "foo@höst:1", "foo@[:::1]:1", "foo@[1:2]:1", "foo@[g::1]:1", "foo@[[::1]:1",
        "foo@[::1%]:1", "foo@[host:1]:1"})
    void refusesABadHost(String text) {
      assertRefused(text, "is not a host; use a host name, an IPv4 address or an IPv6 address");
    }

    @Test
    void refusesAHostOfMoreThan253Characters() {
      assertRefused("foo@" + "a.".repeat(126) + "bc:1", "is not a host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "999999999"})
    void refusesAPortOutOfRange(String port) {
      assertRefused("foo@h:" + port,
          "port " + port + " is out of range; use a port from 1 to 65535");
    }

    private void assertRefused(String text, String message) {
      assertThatThrownBy(() -> NodeAddress.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(message);
    }
  }

  @Nested
  class Parts {
    @Test
    void areCheckedWhereverTheyComeFrom() {
      assertThatThrownBy(() -> new NodeAddress("a b", "h", 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new NodeAddress("a", "[::1]", 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new NodeAddress("a", "h", -1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
