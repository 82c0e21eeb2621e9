package dev.quorate.raft.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.ClientMessage.Answered;
import dev.quorate.raft.engine.message.ClientMessage.Query;
import dev.quorate.raft.engine.message.ClientMessage.Submit;
import dev.quorate.raft.engine.message.ClientMessage.Submitted;
import dev.quorate.raft.engine.message.Proposal;
import dev.quorate.raft.engine.message.SessionRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientCodecTest {

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
  }

  /** A message of each kind, under the name by which the golden file knows it. */
  private static Map<String, ClientMessage> samples() {
    NodeId n1 = NodeId.of("n1");
    Map<String, ClientMessage> all = new LinkedHashMap<>();
    all.put("hello", new ClientMessage.Hello(Samples.CLUSTER, "default"));
    all.put(
        "news",
        new ClientMessage.News(
            Samples.CLUSTER,
            n1,
            7,
            Optional.of(NodeId.of("n2")),
            512,
            4096,
            42,
            List.of(
                new ClientMessage.Place(n1, new Address("host1", 7001)),
                new ClientMessage.Place(NodeId.of("n2"), new Address("::1", 7002)))));
    all.put(
        "news-forming",
        new ClientMessage.News(Samples.CLUSTER, n1, 0, Optional.empty(), 1, 1024, 0, List.of()));
    all.put("refusal", new ClientMessage.Refusal("why"));
    all.put("submit", new Submit(12, 5_000, Proposal.command(bytes("add 1"))));
    all.put(
        "submit-in-session",
        new Submit(
            13,
            5_000,
            new Proposal(
                LogEntry.Type.SESSION,
                SessionCodec.encode(new SessionRequest.Command(9, 2, 1, bytes("add 1"))))));
    all.put(
        "submitted-rejected",
        new Submitted(12, new Outcome.Rejected(RejectReason.NO_LEADER, "why")));
    all.put("submitted-unknown", new Submitted(12, new Outcome.Unknown("why")));
    all.put("query", new Query(14, 700, ReadConsistency.LINEARIZABLE, bytes("q")));
    all.put("query-lease", new Query(14, 700, ReadConsistency.LEASE, bytes("")));
    all.put(
        "query-stale",
        new Query(14, 700, ReadConsistency.stale(Duration.ofSeconds(3, 4)), bytes("q")));
    all.put("query-at-least", new Query(14, 700, ReadConsistency.atLeast(99), bytes("q")));
    all.put(
        "answered-refused",
        new Answered(14, new ReadOutcome.Refused(RejectReason.TOO_STALE, "why")));
    all.put("failed", new ClientMessage.Failed(14, "why"));
    return all;
  }

  /** The same, and what has an array in it, which is equal to nothing but itself. */
  private static Map<String, ClientMessage> golden() {
    Map<String, ClientMessage> all = samples();
    all.put("submitted", new Submitted(12, new Outcome.Applied(43, new byte[] {1, 2, 3})));
    all.put("answered", new Answered(14, new ReadOutcome.Answered(44, new byte[] {4})));
    return all;
  }

  private static byte[] frame(ClientMessage message) {
    ByteBuffer encoded = ClientCodec.encode(message);
    byte[] frame = new byte[encoded.remaining()];
    encoded.get(frame);
    return frame;
  }

  @Test
  void everyMessageComesBackAsItWas() throws DecodeException {
    for (ClientMessage message : samples().values()) {
      assertThat(ClientCodec.decode(ByteBuffer.wrap(frame(message)))).isEqualTo(message);
    }
  }

  @Test
  void resultsComeBack() throws DecodeException {
    Submitted submitted =
        (Submitted)
            ClientCodec.decode(
                ByteBuffer.wrap(
                    frame(new Submitted(12, new Outcome.Applied(43, new byte[] {1, 2, 3})))));
    assertThat(((Outcome.Applied) submitted.outcome()).index()).isEqualTo(43);
    assertThat(submitted.outcome().resultOrThrow()).containsExactly(1, 2, 3);
    Answered answered =
        (Answered)
            ClientCodec.decode(
                ByteBuffer.wrap(
                    frame(new Answered(14, new ReadOutcome.Answered(44, new byte[] {4})))));
    assertThat(((ReadOutcome.Answered) answered.outcome()).index()).isEqualTo(44);
    assertThat(answered.outcome().value()).containsExactly(4);
  }

  @Test
  void theBytesAreThoseOfTheGoldenFile() throws IOException {
    StringBuilder actual = new StringBuilder();
    golden()
        .forEach(
            (name, message) ->
                actual
                    .append(name)
                    .append(' ')
                    .append(HexFormat.of().formatHex(frame(message)))
                    .append('\n'));
    try (InputStream golden = getClass().getResourceAsStream("client-messages.golden")) {
      assertThat(actual)
          .asString()
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyKindHasGoldenBytes() {
    Collection<ClientMessage> golden = golden().values();
    assertThat(Kinds.in(golden))
        .as("samples of every message, and of everything that has kinds within one")
        .containsExactlyInAnyOrderElementsOf(Kinds.of(ClientMessage.class));
    assertThat(Kinds.in(Kinds.only(Query.class, golden).map(Query::consistency).toList()))
        .containsExactlyInAnyOrderElementsOf(Kinds.of(ReadConsistency.class));
    assertThat(Kinds.in(Kinds.only(Submitted.class, golden).map(Submitted::outcome).toList()))
        .containsExactlyInAnyOrderElementsOf(Kinds.of(Outcome.class));
    assertThat(Kinds.in(Kinds.only(Answered.class, golden).map(Answered::outcome).toList()))
        .containsExactlyInAnyOrderElementsOf(Kinds.of(ReadOutcome.class));
  }

  @Test
  void aFrameThatIsCutShortIsRefusedOrCarriesLessOfTheUsersBytes() {
    for (ClientMessage message : samples().values()) {
      byte[] frame = frame(message);
      int usersBytes = message instanceof ClientMessage.Call call ? call.bytes() : 0;
      for (int length = 0; length < frame.length - usersBytes; length++) {
        byte[] cut = Arrays.copyOf(frame, length);
        assertThatThrownBy(() -> ClientCodec.decode(ByteBuffer.wrap(cut)))
            .isInstanceOf(DecodeException.class);
      }
    }
  }

  @Test
  void aChangedByteGivesAMessageOrARefusalAndNothingElse() {
    for (ClientMessage message : samples().values()) {
      byte[] frame = frame(message);
      for (int at = 0; at < frame.length; at++) {
        for (int value = 0; value < 256; value++) {
          byte[] changed = frame.clone();
          changed[at] = (byte) value;
          try {
            ClientCodec.decode(ByteBuffer.wrap(changed));
          } catch (DecodeException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
          }
        }
      }
    }
  }

  @Test
  void settingsOfTheClusterAreNotTakenFromClients() {
    byte[] frame =
        frame(new Submit(12, 5_000, new Proposal(LogEntry.Type.SETTINGS, bytes("anything"))));
    assertThatThrownBy(() -> ClientCodec.decode(ByteBuffer.wrap(frame)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("not taken from clients");
  }
}
