package dev.quorate.raft.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.engine.message.Configuration;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ConfigurationCodecTest {

  private static byte[] encoded() {
    ByteBuffer buffer = ConfigurationCodec.encode(Samples.CONFIGURATION);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void aConfigurationComesBackAsItWas() throws DecodeException {
    assertThat(ConfigurationCodec.decode(ByteBuffer.wrap(encoded())))
        .isEqualTo(Samples.CONFIGURATION);
  }

  @Test
  void theBytesAreAsDocumented() {
    assertThat(HexFormat.of().formatHex(encoded()))
        .isEqualTo(
            "01"
                + "0123456789abcdeffedcba9876543210"
                + ("00000002" + "026e31" + "0000000000000011" + "0005686f737431" + "1b59")
                + ("026e32" + "0000000000000012" + "00033a3a31" + "1b59")
                + ("00000001" + "026e31" + "0000000000000011" + "0005686f737431" + "1b59")
                + ("00000001" + "026e33" + "0000000000000013" + "000568c3b67374" + "1b59")
                + "00"
                + ("0000000000000000" + "0000000000000000")
                + "00000000");
  }

  @Test
  void aConfigurationWithAGoalComesBackAsItWas() throws DecodeException {
    assertThat(ConfigurationCodec.decode(ConfigurationCodec.encode(Samples.WITH_GOAL)))
        .isEqualTo(Samples.WITH_GOAL);
  }

  @Test
  void levelsAreWrittenOnlyWhereThereAreAny() throws DecodeException {
    ByteBuffer bytes = ConfigurationCodec.encode(Samples.WITH_LEVELS);
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    assertThat(HexFormat.of().formatHex(copy))
        .isEqualTo(
            "02"
                + "0123456789abcdeffedcba9876543210"
                + "0002"
                + ("00000001" + "026e31" + "0000000000000011" + "0005686f737431" + "1b59" + "0003")
                + "00000000"
                + ("00000001" + "026e33" + "0000000000000013" + "0005686f737433" + "1b59" + "0002")
                + "00"
                + ("fffffffffffffffa" + "000000000000000c")
                + "00000000");
    assertThat(ConfigurationCodec.decode(bytes)).isEqualTo(Samples.WITH_LEVELS);
    copy[18] = 3; // The group's level, above that of a member.
    assertThatThrownBy(() -> ConfigurationCodec.decode(ByteBuffer.wrap(copy)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("level 3");
    copy[18] = 0;
    assertThatThrownBy(() -> ConfigurationCodec.decode(ByteBuffer.wrap(copy)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("below 1");
  }

  @Test
  void cutShortOrLongerIsRefused() {
    byte[] bytes = encoded();
    for (int length = 0; length < bytes.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> ConfigurationCodec.decode(cut)).isInstanceOf(DecodeException.class);
    }
    ByteBuffer longer = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1));
    assertThatThrownBy(() -> ConfigurationCodec.decode(longer)).isInstanceOf(DecodeException.class);
  }

  @Test
  void aChangedByteGivesAnotherConfigurationOrARefusal() {
    byte[] bytes = encoded();
    for (int at = 0; at < bytes.length; at++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        try {
          Configuration decoded = ConfigurationCodec.decode(ByteBuffer.wrap(changed));
          assertThat(decoded.equals(Samples.CONFIGURATION))
              .isEqualTo(Arrays.equals(changed, bytes));
        } catch (DecodeException expected) {
          assertThat(expected.getMessage()).isNotEmpty();
        }
      }
    }
  }
}
