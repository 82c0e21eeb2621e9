package dev.quorate.chat.demo.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BeaconTest {
  @Test
  void isReadAsItWasWritten() {
    Beacon beacon = new Beacon(Beacon.Kind.ASK, "our chat", 2, "0123456789abcdef");
    byte[] bytes = beacon.encode();
    assertThat(bytes.length).isLessThanOrEqualTo(Beacon.MAX_BYTES);
    assertThat(Beacon.decode(bytes, bytes.length)).contains(beacon);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "quorate-demo/2 ASK machine=1 sender=0123456789abcdef chat",
        "quorate-demo/1 ASK machine=3 sender=0123456789abcdef chat",
        "quorate-demo/1 ASK machine=1 sender=0123456789abcdef ",
        "quorate-demo/1 ASK machine=1 sender=0123456789abcdef chat\nmore"
      })
  void ignoresEverythingElse(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    assertThat(Beacon.decode(bytes, bytes.length)).isEmpty();
  }
}
