package dev.quorate.chat.demo;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.chat.cluster.ClusterFile;
import org.junit.jupiter.api.Test;

class PlugInsTest {

  private static final ClusterFile FILE = ClusterFile.ofFive("127.0.0.1");

  @Test
  void whatIsThereIsTaken() {
    assertThatCode(() -> PlugIns.check(FILE.withPlugins("grpc", "file")))
        .doesNotThrowAnyException();
  }

  @Test
  void whatIsNotThereIsNamedWithWhatIs() {
    assertThatThrownBy(() -> PlugIns.check(FILE.withPlugins("pigeon", "file")))
        .isInstanceOf(DemoException.class)
        .hasMessage("there is no transport 'pigeon'; there is: grpc, tcp");
    assertThatThrownBy(() -> PlugIns.check(FILE.withPlugins("tcp", "stone")))
        .hasMessage("there is no storage 'stone'; there is: file");
  }
}
