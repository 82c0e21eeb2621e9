package dev.quorate.raft.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.ForwardChange;
import dev.quorate.raft.engine.message.Message.ForwardResult;
import dev.quorate.raft.engine.message.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

  private static Message decode(byte[] frame) throws DecodeException {
    ByteBuffer buffer = ByteBuffer.wrap(frame);
    assertThat(Envelope.decode(buffer)).isNotNull();
    return MessageCodec.decode(buffer);
  }

  @Test
  void everyMessageComesBackAsItWas() throws DecodeException {
    for (Message message : Samples.messages().values()) {
      ByteBuffer frame = MessageCodec.encode(Samples.ENVELOPE, message);
      assertThat(Envelope.decode(frame)).isEqualTo(Samples.ENVELOPE);
      assertThat(MessageCodec.decode(frame)).isEqualTo(message);
    }
  }

  @Test
  void everyReasonAndAResultComeBack() throws DecodeException {
    for (RejectReason reason : RejectReason.values()) {
      Message message = new ForwardResult(1, 2, new Outcome.Rejected(reason, "why"));
      assertThat(decode(Samples.frame(message))).isEqualTo(message);
    }
    Message applied = new ForwardResult(1, 2, new Outcome.Applied(9, new byte[] {1, 2, 3}));
    ForwardResult back = (ForwardResult) decode(Samples.frame(applied));
    assertThat(((Outcome.Applied) back.outcome()).index()).isEqualTo(9);
    assertThat(back.outcome().resultOrThrow()).containsExactly(1, 2, 3);
  }

  @Test
  void textsForPeopleAreCut() throws DecodeException {
    Message message = new ForwardResult(1, 2, new Outcome.Unknown("ö".repeat(100_000)));
    ForwardResult back = (ForwardResult) decode(Samples.frame(message));
    assertThat(((Outcome.Unknown) back.outcome()).message()).hasSize(1_000);
  }

  @Test
  void theBytesAreThoseOfTheGoldenFile() throws IOException {
    StringBuilder actual = new StringBuilder();
    for (Map.Entry<String, Message> sample : Samples.golden().entrySet()) {
      String hex = HexFormat.of().formatHex(Samples.frame(sample.getValue()));
      actual.append(sample.getKey()).append(' ').append(hex).append('\n');
    }
    try (InputStream golden = getClass().getResourceAsStream("messages.golden")) {
      assertThat(actual)
          .asString()
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyKindHasGoldenBytes() {
    Collection<Message> golden = Samples.golden().values();
    assertThat(Kinds.in(golden))
        .as("samples of every message, and of everything that has kinds within one")
        .containsExactlyInAnyOrderElementsOf(Kinds.of(Message.class));
    assertThat(
            Kinds.in(
                Kinds.only(ForwardChange.class, golden)
                    .flatMap(change -> change.wishes().stream())
                    .toList()))
        .containsExactlyInAnyOrderElementsOf(Kinds.of(MembershipChange.class));
    assertThat(
            Kinds.in(Kinds.only(ForwardResult.class, golden).map(ForwardResult::outcome).toList()))
        .containsExactlyInAnyOrderElementsOf(Kinds.of(Outcome.class));
    assertThat(
            Kinds.only(AppendRequest.class, golden)
                .flatMap(append -> append.entries().stream())
                .map(LogEntry::type))
        .contains(LogEntry.Type.values());
  }

  @Test
  void aFrameThatIsCutShortOrGoesOnIsRefused() {
    for (Message message : Samples.messages().values()) {
      byte[] frame = Samples.frame(message);
      for (int length = 0; length < frame.length; length++) {
        byte[] cut = Arrays.copyOf(frame, length);
        assertThatThrownBy(() -> decode(cut)).isInstanceOf(DecodeException.class);
      }
      byte[] longer = Arrays.copyOf(frame, frame.length + 1);
      assertThatThrownBy(() -> decode(longer)).isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void aChangedByteGivesAMessageOrARefusalAndNothingElse() {
    for (Message message : Samples.messages().values()) {
      byte[] frame = Samples.frame(message);
      for (int at = 0; at < frame.length; at++) {
        for (int value = 0; value < 256; value++) {
          byte[] changed = frame.clone();
          changed[at] = (byte) value;
          try {
            decode(changed);
          } catch (DecodeException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
          }
        }
      }
    }
  }

  @Test
  void entriesThatDoNotFollowAreRefused() {
    LogEntry good = Samples.entry(LogEntry.Type.COMMAND, 42, 7, "x");
    for (LogEntry bad :
        List.of(
            Samples.entry(LogEntry.Type.COMMAND, 44, 7, "gap"),
            Samples.entry(LogEntry.Type.COMMAND, 43, 6, "term falls"),
            Samples.entry(LogEntry.Type.COMMAND, 43, 8, "term of the future"))) {
      byte[] frame = Samples.frame(new AppendRequest(7, 41, 6, 40, List.of(good, bad)));
      assertThatThrownBy(() -> decode(frame)).isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void whatIsReadIsAViewOfTheFrame() throws DecodeException {
    byte[] frame = Samples.frame(Samples.messages().get("forward-command"));
    Message.ForwardCommand forward = (Message.ForwardCommand) decode(frame);
    frame[frame.length - 1] = '2';
    assertThat(forward.proposal().payload().get(forward.proposal().bytes() - 1))
        .isEqualTo((byte) '2');
    assertThat(forward.proposal().payload().isReadOnly()).isTrue();
  }

  @Test
  void theLongestEnvelopeAndAnyFixedPartFitTheirBounds() {
    String longest = "n".repeat(64);
    Envelope envelope =
        new Envelope(
            Samples.CLUSTER, longest, new Peer(NodeId.of(longest), -1, -1), NodeId.of(longest), -1);
    int probe =
        MessageCodec.encode(envelope, new Message.FormationProbe(List.of(), new Address("h", 1)))
            .remaining();
    assertThat(probe).isEqualTo(Envelope.MAX_BYTES + 1 + Integer.BYTES + 2 + 1 + 2);
    int append =
        MessageCodec.encode(envelope, new AppendRequest(1, 1, 1, 1, List.of())).remaining();
    assertThat(append).isLessThanOrEqualTo(Envelope.MAX_BYTES + MessageCodec.MAX_FIXED_BYTES);
  }
}
