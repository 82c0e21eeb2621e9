package dev.quorate.raft.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.engine.message.SessionRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SessionSectionTest {

  private static Sheet sample() {
    Sheet sheet = Sheet.withSettings();
    sheet.pass(5);
    long first = sheet.open();
    sheet.pass(2);
    long second = sheet.open();
    sheet.command(first, 1, 0, "a");
    sheet.command(first, 2, 1, "b");
    sheet.pass(1);
    sheet.apply(new SessionRequest.KeepAlive(second));
    return sheet;
  }

  private static SessionTable read(byte[] bytes) throws IOException {
    return SessionSection.readFrom(new ByteArrayInputStream(bytes));
  }

  @Test
  void aTableComesBackAsItWas() throws IOException {
    Sheet sheet = sample();
    byte[] before = sheet.section();
    sheet.restore();
    assertThat(sheet.section()).isEqualTo(before);
    assertThat(sheet.table.settings()).isEqualTo(Sheet.SETTINGS);
    assertThat(sheet.table.size()).isEqualTo(2);
    assertThat(sheet.command(2, 2, 0, "b").resultOrThrow()).isEqualTo(Sheet.bytes("b#2"));
    assertThat(sheet.command(2, 1, 0, "a")).isInstanceOf(Outcome.Unknown.class);
    assertThat(sheet.applied).containsExactly("a", "b");
  }

  /** These bytes lie in snapshots: a change of any of them is a new version of the format. */
  @Test
  void theBytesAreTheseForEver() throws IOException {
    assertThat(HexFormat.of().formatHex(sample().section()))
        .isEqualTo(
            "01"
                + "00000031"
                + "01000000000000000100000004010000000000000003020000000000000004"
                + "0300000000000000640400000000000003e8"
                + "0000000000000008"
                + "00000002"
                + "0000000000000002"
                + "0000000000000007"
                + "0000000000000001"
                + "0000000000000002"
                + "00000001"
                + "0000000000000002"
                + "0000000000000005"
                + "d280b0c4"
                + "00000003"
                + "622332"
                + "0000000000000003"
                + "0000000000000008"
                + "0000000000000000"
                + "0000000000000000"
                + "00000000");
  }

  @Test
  void whatIsCapturedDoesNotChange() throws IOException {
    Sheet sheet = sample();
    byte[] before = sheet.section();
    SessionSection captured = sheet.table.capture();
    sheet.command(2, 3, 2, "c");
    sheet.open();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    captured.writeTo(out);
    assertThat(out.toByteArray()).isEqualTo(before);
  }

  @Test
  void aSectionThatIsCutShortIsRefusedAndWhatFollowsItIsLeft() throws IOException {
    byte[] whole = sample().section();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(IOException.class);
    }
    ByteArrayInputStream longer = new ByteArrayInputStream(Arrays.copyOf(whole, whole.length + 7));
    SessionSection.readFrom(longer);
    assertThat(longer.available()).isEqualTo(7);
  }

  @Test
  void noFlippedBitCausesAnythingButARefusalOrATable() throws IOException {
    byte[] whole = sample().section();
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(read(flipped)).isNotNull();
      } catch (IOException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  @Test
  void anotherVersionIsRefusedByItsNumber() throws IOException {
    byte[] whole = sample().section();
    whole[0] = 2;
    assertThatThrownBy(() -> read(whole))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 2 is not known");
  }
}
