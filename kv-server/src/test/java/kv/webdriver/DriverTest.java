package kv.webdriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DriverTest {
  @BeforeEach
  void need() {
    Driver.assumeInstalled();
  }

  @Test
  void leavesNothingThoughItCouldNotEndInOrder() throws Exception {
    Driver driver = new Driver(List.of("--headless=new", "--no-sandbox", "--disable-gpu"));
    assertThat(driver.browser()).isNotEmpty();
    ProcessHandle.current()
        .descendants()
        .filter(one -> one.info().command().orElse("").endsWith("/chromedriver"))
        .forEach(ProcessHandle::destroyForcibly);
    assertThatThrownBy(driver::close)
        .isInstanceOf(WebDriverException.class)
        .hasMessageStartingWith("no answer: to DELETE");
    assertThat(driver.browser()).isEmpty();
    assertThat(driver.folder()).doesNotExist();
  }
}
