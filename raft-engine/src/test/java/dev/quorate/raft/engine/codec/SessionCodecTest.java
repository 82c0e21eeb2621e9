package dev.quorate.raft.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.SessionRequest;
import dev.quorate.raft.engine.message.SessionView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCodecTest {

  private static final ByteBuffer ADD =
      ByteBuffer.wrap("add".getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();

  private static final List<SessionRequest> REQUESTS =
      List.of(
          new SessionRequest.Open(),
          new SessionRequest.Command(40, 3, 2, ADD),
          new SessionRequest.Command(40, 1, 0, ByteBuffer.allocate(0)),
          new SessionRequest.Skip(40, 4, 2, 6),
          new SessionRequest.KeepAlive(40),
          new SessionRequest.Close(40));

  private static final ClusterSettings PREFERRING =
      new ClusterSettings(
          4, 1, 2, 3, 4, false, new TreeMap<>(Map.of(NodeId.of("n2"), 5, NodeId.of("n1"), 7)));

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }

  private static ByteBuffer of(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }

  @Test
  void everyRequestComesBackAsItWas() throws DecodeException {
    for (SessionRequest request : REQUESTS) {
      assertThat(SessionCodec.decode(SessionCodec.encode(request))).isEqualTo(request);
    }
  }

  @Test
  void everyKindOfRequestIsAmongThem() {
    assertThat(Kinds.in(REQUESTS))
        .containsExactlyInAnyOrderElementsOf(Kinds.of(SessionRequest.class));
  }

  /** These bytes lie in logs: a change of any of them is a new version of the format. */
  @Test
  void theBytesAreTheseForEver() {
    assertThat(REQUESTS.stream().map(SessionCodec::encode).map(SessionCodecTest::hex))
        .containsExactly(
            "0101",
            "0102000000000000002800000000000000030000000000000002616464",
            "0102000000000000002800000000000000010000000000000000",
            "01030000000000000028000000000000000400000000000000020000000000000006",
            "01040000000000000028",
            "01050000000000000028");
    assertThat(
            hex(
                ClusterSettingsCodec.encode(
                    new ClusterSettings(2, 100, 64, 65_536, 60_000, false))))
        .isEqualTo(
            "01000000000000000200000004"
                + "010000000000000064"
                + "020000000000000040"
                + "030000000000010000"
                + "04000000000000ea60");
    assertThat(hex(ClusterSettingsCodec.encode(new ClusterSettings(3, 1, 2, 3, 4, true))))
        .isEqualTo(
            "01000000000000000300000005"
                + "010000000000000001"
                + "020000000000000002"
                + "030000000000000003"
                + "040000000000000004"
                + "050000000000000001");
    assertThat(hex(ClusterSettingsCodec.encode(PREFERRING)))
        .isEqualTo(
            "01000000000000000400000006"
                + "010000000000000001"
                + "020000000000000002"
                + "030000000000000003"
                + "040000000000000004"
                + "060000000000000007"
                + "026e31"
                + "060000000000000005"
                + "026e32");
  }

  @ParameterizedTest
  @CsvSource({
    "'', cut short",
    "0201, format 2",
    "0106, request 6",
    "010100, too many",
    "0104ffffffffffffffff, negative",
    "010300000000000000280000000000000000000000000000000000000000000000, begins with 1",
    "01030000000000000028000000000000000400000000000000020000000000000003, from 4 to 3",
    "010200000000000000280000000000000001000000, cut short"
  })
  void whatIsNoRequestIsRefused(String hex, String named) {
    assertThatThrownBy(() -> SessionCodec.decode(of(hex)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(named);
  }

  @Test
  void aViewComesBackAsItWas() throws DecodeException {
    SessionView view = new SessionView(600_000, 64, 12, 9);
    assertThat(SessionCodec.decodeView(SessionCodec.encodeView(view))).isEqualTo(view);
    assertThatThrownBy(() -> SessionCodec.decodeView(new byte[3]))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void settingsComeBackAndTheMissingAreZero() throws DecodeException {
    ClusterSettings settings = new ClusterSettings(2, 100, 64, 65_536, 60_000, false);
    assertThat(ClusterSettingsCodec.decode(ClusterSettingsCodec.encode(settings)))
        .isEqualTo(settings);
    assertThat(
            ClusterSettingsCodec.decode(
                of("010000000000000003" + "00000001" + "040000000000000007")))
        .isEqualTo(new ClusterSettings(3, 0, 0, 0, 7, false));
    ClusterSettings withLease = new ClusterSettings(3, 1, 2, 3, 4, true);
    assertThat(ClusterSettingsCodec.decode(ClusterSettingsCodec.encode(withLease)))
        .isEqualTo(withLease);
    assertThat(ClusterSettingsCodec.decode(ClusterSettingsCodec.encode(PREFERRING)))
        .isEqualTo(PREFERRING);
  }

  @ParameterizedTest
  @CsvSource({
    "02000000000000000100000000, format 2",
    "01000000000000000100000001070000000000000001, setting 7 is not known",
    "01000000000000000100000002010000000000000001010000000000000001, comes after",
    "01000000000000000100000001060000000000000001, cut short",
    "01000000000000000100000001060000000000000000026e31, at least 1",
    "01000000000000000100000001060000000100000000026e31, beyond",
    "01000000000000000100000002060000000000000001026e32060000000000000001026e31, n1 comes after",
    "01000000000000000100000002060000000000000001026e31060000000000000001026e31, n1 comes after",
    "01000000000000000100000001050000000000000002, 0 or 1",
    "01000000000000000100000001010000000100000000, beyond",
    "0100000000000000010000000104ffffffffffffffff, negative",
    "01000000000000000100000002020000000000000001010000000000000001, comes after",
    "01000000000000000100000002020000000000000001, hold"
  })
  void whatIsNoSettingsIsRefused(String hex, String named) {
    assertThatThrownBy(() -> ClusterSettingsCodec.decode(of(hex)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(named);
  }
}
