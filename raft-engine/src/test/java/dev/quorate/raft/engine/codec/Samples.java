package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Goal;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRejected;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.ChangeRefused;
import dev.quorate.raft.engine.message.Message.Declaration;
import dev.quorate.raft.engine.message.Message.FormationAnswer;
import dev.quorate.raft.engine.message.Message.FormationProbe;
import dev.quorate.raft.engine.message.Message.ForwardChange;
import dev.quorate.raft.engine.message.Message.ForwardCommand;
import dev.quorate.raft.engine.message.Message.ForwardResult;
import dev.quorate.raft.engine.message.Message.Freshness;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.HostAnswer;
import dev.quorate.raft.engine.message.Message.HostBeat;
import dev.quorate.raft.engine.message.Message.MembershipNotice;
import dev.quorate.raft.engine.message.Message.MembershipQuery;
import dev.quorate.raft.engine.message.Message.ReadIndexRequest;
import dev.quorate.raft.engine.message.Message.ReadIndexResponse;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import dev.quorate.raft.engine.message.Message.SnapshotChunk;
import dev.quorate.raft.engine.message.Message.SnapshotOffer;
import dev.quorate.raft.engine.message.Message.SnapshotRequest;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Proposal;
import dev.quorate.raft.engine.message.Quiet;
import dev.quorate.raft.engine.message.SessionRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A message of each kind, under the name by which the golden file knows it. */
final class Samples {

  static final ClusterId CLUSTER = new ClusterId(0x0123456789abcdefL, 0xfedcba9876543210L);

  static final Envelope ENVELOPE =
      new Envelope(
          CLUSTER, "default", new Peer(NodeId.of("n1"), 0x11L, 0x22L), NodeId.of("n2"), 0x33L);

  static final Configuration CONFIGURATION =
      new Configuration(
          CLUSTER,
          List.of(member("n1", 17, "host1"), member("n2", 18, "::1")),
          List.of(member("n1", 17, "host1")),
          List.of(member("n3", 19, "höst")));

  static final SnapshotId SNAPSHOT = new SnapshotId(-9, 43, 7, 5_000, 0xabcL);
  static final Configuration WITH_GOAL =
      new Configuration(
          CLUSTER,
          FeatureLevel.FIRST,
          List.of(member("n1", 17, "host1")),
          List.of(),
          List.of(member("n3", 19, "host3")),
          Optional.of(
              new Goal(List.of(member("n3", 19, "host3")), List.of(member("n1", 17, "host1")))),
          new ChangeId(-6, 12),
          List.of(new MemberId(NodeId.of("n2"), 18)));

  static final Configuration WITH_LEVELS =
      new Configuration(
          CLUSTER,
          2,
          List.of(member("n1", 17, "host1").withLevel(3)),
          List.of(),
          List.of(member("n3", 19, "host3").withLevel(2)),
          Optional.empty(),
          new ChangeId(-6, 12),
          List.of());

  private Samples() {}

  private static Member member(String id, long incarnation, String host) {
    return new Member(NodeId.of(id), incarnation, new Address(host, 7001));
  }

  static LogEntry entry(LogEntry.Type type, long index, long term, String payload) {
    return LogEntry.of(type, index, term, 1_000, 2_000, bytes(payload));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, Message> messages() {
    Map<String, Message> all = new LinkedHashMap<>();
    all.put("vote-request", new VoteRequest(7, true, false, 41, 6));
    all.put("vote-request-transfer", new VoteRequest(7, false, true, 41, 6));
    all.put("vote-response", new VoteResponse(7, false, true));
    all.put("append-probe", new AppendRequest(7, 41, 6, 40, List.of()));
    all.put(
        "append-request",
        new AppendRequest(
            7,
            41,
            6,
            40,
            List.of(
                entry(LogEntry.Type.NO_OP, 42, 7, ""), entry(LogEntry.Type.COMMAND, 43, 7, "x"))));
    all.put("append-accepted", new AppendAccepted(7, 43, false, true));
    all.put("append-accepted-full", new AppendAccepted(7, 43, true, false));
    all.put("append-rejected", new AppendRejected(7, 41, 30, 5));
    Freshness fresh = new Freshness(-5, -77, 45);
    Optional<Address> place = Optional.of(new Address("host-1.example", 7001));
    all.put("heartbeat", new Heartbeat(7, 43, 44, 99, -123, fresh, 300, place));
    all.put("heartbeat-of-nowhere", new Heartbeat(7, 43, 44, 99, -123, fresh));
    all.put("heartbeat-response", new HeartbeatResponse(7, 99, 43, 42, true, -123, 456, 200));
    all.put("heartbeat-response-full", new HeartbeatResponse(7, 99, 43, 42, false));
    all.put(
        "snapshot-offer",
        new SnapshotOffer(7, SNAPSHOT, new Holder(NodeId.of("n2"), 0x33L), false));
    all.put(
        "snapshot-offer-insisting",
        new SnapshotOffer(7, SNAPSHOT, new Holder(NodeId.of("n2"), 0x33L), true));
    all.put(
        "snapshot-answer",
        new SnapshotAnswer(7, SNAPSHOT, new Holder(NodeId.of("n2"), 0x33L), 400, false));
    all.put(
        "snapshot-answer-failed",
        new SnapshotAnswer(7, SNAPSHOT, new Holder(NodeId.of("n2"), 0x33L), 0, true));
    all.put("snapshot-request", new SnapshotRequest(SNAPSHOT, 400, 256));
    all.put("snapshot-chunk", new SnapshotChunk(SNAPSHOT, 400, bytes("state").asReadOnlyBuffer()));
    all.put("timeout-now", new TimeoutNow(7));
    all.put(
        "forward-command",
        new ForwardCommand(7, -5, 12, Proposal.command(bytes("add 1").asReadOnlyBuffer())));
    all.put(
        "forward-session-command",
        new ForwardCommand(
            7,
            -5,
            13,
            new Proposal(
                LogEntry.Type.SESSION,
                SessionCodec.encode(new SessionRequest.Command(40, 3, 2, bytes("add 1"))))));
    all.put(
        "forward-settings",
        new ForwardCommand(
            7,
            -5,
            14,
            new Proposal(
                LogEntry.Type.SETTINGS,
                ClusterSettingsCodec.encode(
                    new ClusterSettings(2, 100, 64, 65_536, 60_000, false)))));
    all.put(
        "forward-result-rejected",
        new ForwardResult(-6, 12, new Outcome.Rejected(RejectReason.NO_SPACE, "full")));
    all.put("forward-result-unknown", new ForwardResult(-6, 12, new Outcome.Unknown("gone")));
    all.put("read-index-request", new ReadIndexRequest(13));
    all.put("read-index-response", new ReadIndexResponse(-6, 13, 43, Optional.empty()));
    all.put(
        "read-index-refused",
        new ReadIndexResponse(-6, 13, 0, Optional.of(RejectReason.NO_LEADER)));
    all.put(
        "formation-probe",
        new FormationProbe(List.of(NodeId.of("n2"), NodeId.of("n1")), new Address("host1", 7001)));
    all.put("formation-fresh", new FormationAnswer(Optional.empty()));
    all.put(
        "formation-record",
        new FormationAnswer(
            Optional.of(
                LogEntry.of(
                    LogEntry.Type.CONFIGURATION,
                    1,
                    0,
                    0,
                    0,
                    ConfigurationCodec.encode(CONFIGURATION)))));
    all.put(
        "forward-change",
        new ForwardChange(
            7,
            -5,
            12,
            41,
            900,
            List.of(
                new MembershipChange.AddMember(NodeId.of("n4")),
                new MembershipChange.AddLearner(NodeId.of("n5")),
                new MembershipChange.Promote(NodeId.of("n6")),
                new MembershipChange.Demote(NodeId.of("n1")),
                new MembershipChange.Remove(NodeId.of("n2")),
                new MembershipChange.Replace(NodeId.of("n3"), NodeId.of("n7")),
                new MembershipChange.UpdateAddress(NodeId.of("n8"), new Address("host8", 7008)),
                new MembershipChange.Cancel())));
    all.put(
        "change-refused",
        new ChangeRefused(-6, 12, MembershipOutcome.Reason.CHANGE_UNDER_WAY, "busy"));
    all.put("membership-query", new MembershipQuery(new Address("host1", 7001)));
    all.put("membership-notice", new MembershipNotice(-6, 41, WITH_GOAL));
    all.put("host-beat", new HostBeat(-123, 5, Optional.empty()));
    all.put(
        "host-beat-with-groups",
        new HostBeat(
            -122,
            6,
            Optional.of(new TreeMap<>(Map.of("g1", new Quiet(7, 43), "g2", new Quiet(8, 9))))));
    all.put("host-answer", new HostAnswer(-5, -123, 5, new TreeSet<>()));
    all.put("host-answer-awake", new HostAnswer(-5, -122, 6, new TreeSet<>(List.of("g1", "g2"))));
    all.put(
        "formation-probe-level", new FormationProbe(List.of(), new Address("host1", 7001), 513));
    all.put("declaration", new Declaration(513));
    all.put("membership-notice-level", new MembershipNotice(-6, 42, WITH_LEVELS));
    all.put(
        "append-request-other-types",
        new AppendRequest(
            7,
            41,
            6,
            40,
            List.of(
                entry(LogEntry.Type.CONFIGURATION, 42, 7, "c"),
                entry(LogEntry.Type.SESSION, 43, 7, "s"),
                entry(LogEntry.Type.SETTINGS, 44, 7, "t"))));
    return all;
  }

  /**
   * The same and, under their names, every number that is given to a reason; and what has an array
   * in it, which is equal to nothing but itself. So much is in the golden file.
   */
  static Map<String, Message> golden() {
    Map<String, Message> all = messages();
    all.put(
        "forward-result-applied",
        new ForwardResult(-6, 12, new Outcome.Applied(43, new byte[] {1, 2, 3})));
    for (RejectReason reason : RejectReason.values()) {
      all.put("rejected-" + reason, new ForwardResult(-6, 12, new Outcome.Rejected(reason, "")));
    }
    for (MembershipOutcome.Reason reason : MembershipOutcome.Reason.values()) {
      all.put("change-refused-" + reason, new ChangeRefused(-6, 12, reason, ""));
    }
    return all;
  }

  /** The frame of a message as an array of its own. */
  static byte[] frame(Message message) {
    ByteBuffer frame = MessageCodec.encode(ENVELOPE, message);
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }
}
