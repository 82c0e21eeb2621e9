package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Holder;
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
import dev.quorate.raft.engine.message.Message.HostMessage;
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
import dev.quorate.raft.engine.message.Proposal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Messages in bytes: a number for the kind, then the record's components in their order. Numbers,
 * terms and indexes are 8 bytes, flags 1, entries as they lie on disk.
 */
public final class MessageCodec {

  /** What any message takes besides its entries, command or result: a bound, not a measure. */
  public static final int MAX_FIXED_BYTES = 96;

  private static final int VOTE_REQUEST = 1;
  private static final int VOTE_RESPONSE = 2;
  private static final int APPEND_REQUEST = 3;
  private static final int APPEND_ACCEPTED = 4;
  private static final int APPEND_REJECTED = 5;
  private static final int HEARTBEAT = 6;
  private static final int HEARTBEAT_RESPONSE = 7;
  private static final int TIMEOUT_NOW = 8;
  private static final int FORWARD_COMMAND = 9;
  private static final int FORWARD_RESULT = 10;
  private static final int READ_INDEX_REQUEST = 11;
  private static final int READ_INDEX_RESPONSE = 12;
  private static final int FORMATION_PROBE = 13;
  private static final int FORMATION_ANSWER = 14;
  private static final int SNAPSHOT_OFFER = 15;
  private static final int SNAPSHOT_ANSWER = 16;
  private static final int SNAPSHOT_REQUEST = 17;
  private static final int SNAPSHOT_CHUNK = 18;
  private static final int FORWARD_CHANGE = 19;
  private static final int CHANGE_REFUSED = 20;
  private static final int MEMBERSHIP_QUERY = 21;
  private static final int MEMBERSHIP_NOTICE = 22;
  private static final int DECLARATION = 25;
  private static final int FORMATION_PROBE_WITH_LEVEL = 26;

  /** A length and one character. */
  private static final int SMALLEST_NAME = 2;

  private static final int FIRST_FLAG = 1;
  private static final int SECOND_FLAG = 2;
  private static final int BOTH_FLAGS = FIRST_FLAG | SECOND_FLAG;

  private MessageCodec() {}

  /** A whole frame: the envelope and the message. */
  public static ByteBuffer encode(Envelope envelope, Message message) {
    Writer writer = new Writer(Envelope.MAX_BYTES + MAX_FIXED_BYTES + payloadBytes(message));
    envelope.encode(writer);
    write(writer, message);
    return writer.done();
  }

  private static int payloadBytes(Message message) {
    if (message instanceof AppendRequest append) {
      int bytes = 0;
      for (LogEntry entry : append.entries()) {
        bytes += entry.encodedLength();
      }
      return bytes;
    }
    if (message instanceof SnapshotChunk chunk) {
      return chunk.bytes().remaining();
    }
    return message instanceof ForwardCommand forward ? forward.proposal().bytes() : 0;
  }

  private static void write(Writer to, Message message) {
    if (message instanceof AppendRequest m) {
      to.u8(APPEND_REQUEST).i64(m.term()).i64(m.prevIndex()).i64(m.prevTerm());
      to.i64(m.commitIndex()).i32(m.entries().size());
      m.entries().forEach(to::entry);
    } else if (message instanceof AppendAccepted m) {
      to.u8(APPEND_ACCEPTED).i64(m.term()).i64(m.matchIndex());
      to.u8(flags(m.cut(), m.hasSpace()));
    } else if (message instanceof AppendRejected m) {
      to.u8(APPEND_REJECTED).i64(m.term()).i64(m.prevIndex());
      to.i64(m.hintIndex()).i64(m.hintTerm());
    } else if (message instanceof Heartbeat m) {
      to.u8(HEARTBEAT).i64(m.term()).i64(m.commitIndex()).i64(m.matchIndex()).i64(m.round());
      Freshness fresh = m.fresh();
      to.i64(m.sentNanos()).i64(fresh.boot()).i64(fresh.nanos()).i64(fresh.index());
      to.i64(m.promiseNanos()).u8(m.address().isPresent() ? 1 : 0);
      m.address().ifPresent(to::address);
    } else if (message instanceof HeartbeatResponse m) {
      to.u8(HEARTBEAT_RESPONSE).i64(m.term()).i64(m.round());
      to.i64(m.receivedIndex()).i64(m.matchIndex()).u8(m.hasSpace() ? 1 : 0);
      to.i64(m.sentNanos()).i64(m.answeredNanos()).i64(m.promisedNanos());
    } else if (message instanceof ForwardCommand m) {
      to.u8(FORWARD_COMMAND).i64(m.term()).i64(m.targetBoot()).i64(m.number());
      to.u8(m.proposal().type().code()).bytes(m.proposal().payload());
    } else if (message instanceof ForwardResult m) {
      to.u8(FORWARD_RESULT).i64(m.originBoot()).i64(m.number());
      OutcomeCodec.write(to, m.outcome());
    } else if (message instanceof ReadIndexRequest m) {
      to.u8(READ_INDEX_REQUEST).i64(m.number());
    } else if (message instanceof ReadIndexResponse m) {
      to.u8(READ_INDEX_RESPONSE).i64(m.originBoot()).i64(m.number()).i64(m.index());
      to.u8(m.refusal().map(OutcomeCodec::code).orElse(OutcomeCodec.NO_REASON));
    } else if (message instanceof VoteRequest m) {
      to.u8(VOTE_REQUEST).i64(m.term()).u8(flags(m.preVote(), m.transfer()));
      to.i64(m.lastIndex()).i64(m.lastTerm());
    } else if (message instanceof VoteResponse m) {
      to.u8(VOTE_RESPONSE).i64(m.term()).u8(flags(m.preVote(), m.granted()));
    } else if (message instanceof SnapshotOffer m) {
      to.u8(SNAPSHOT_OFFER).i64(m.term()).snapshotId(m.id());
      to.name(m.holder().id()).i64(m.holder().incarnation()).u8(m.insists() ? 1 : 0);
    } else if (message instanceof SnapshotAnswer m) {
      to.u8(SNAPSHOT_ANSWER).i64(m.term()).snapshotId(m.id());
      to.name(m.holder().id()).i64(m.holder().incarnation());
      to.i64(m.receivedBytes()).u8(m.failed() ? 1 : 0);
    } else if (message instanceof SnapshotRequest m) {
      to.u8(SNAPSHOT_REQUEST).snapshotId(m.id()).i64(m.offset()).i32(m.length());
    } else if (message instanceof SnapshotChunk m) {
      to.u8(SNAPSHOT_CHUNK).snapshotId(m.id()).i64(m.offset()).bytes(m.bytes());
    } else if (message instanceof TimeoutNow m) {
      to.u8(TIMEOUT_NOW).i64(m.term());
    } else if (message instanceof FormationProbe m) {
      boolean first = m.level() == FeatureLevel.FIRST;
      to.u8(first ? FORMATION_PROBE : FORMATION_PROBE_WITH_LEVEL).i32(m.listed().size());
      m.listed().forEach(to::name);
      to.address(m.address());
      if (!first) {
        to.u16(m.level());
      }
    } else if (message instanceof ForwardChange m) {
      to.u8(FORWARD_CHANGE).i64(m.term()).i64(m.targetBoot()).i64(m.number());
      to.i64(m.version()).i64(m.waitMillis());
      ChangeCodec.write(to, m.wishes());
    } else if (message instanceof ChangeRefused m) {
      to.u8(CHANGE_REFUSED).i64(m.originBoot()).i64(m.number());
      to.u8(ChangeCodec.code(m.reason())).text(OutcomeCodec.cut(m.text()));
    } else if (message instanceof Declaration m) {
      to.u8(DECLARATION).u16(m.level());
    } else if (message instanceof MembershipQuery m) {
      to.u8(MEMBERSHIP_QUERY).address(m.address());
    } else if (message instanceof MembershipNotice m) {
      to.u8(MEMBERSHIP_NOTICE).i64(m.boot()).i64(m.index());
      ConfigurationCodec.write(to, m.configuration());
    } else if (message instanceof HostMessage m) {
      HostMessageCodec.write(to, m);
    } else {
      Optional<LogEntry> record = ((FormationAnswer) message).record();
      to.u8(FORMATION_ANSWER).u8(record.isPresent() ? 1 : 0);
      record.ifPresent(to::entry);
    }
  }

  private static int flags(boolean first, boolean second) {
    return (first ? FIRST_FLAG : 0) | (second ? SECOND_FLAG : 0);
  }

  /**
   * Reads the message that fills the rest of a frame. What it holds are views of the frame.
   *
   * @throws DecodeException if the rest is not exactly one message
   */
  public static Message decode(ByteBuffer rest) throws DecodeException {
    Reader reader = new Reader(rest);
    Message message = read(reader.u8(), reader);
    reader.end();
    return message;
  }

  private static Message read(int kind, Reader from) throws DecodeException {
    switch (kind) {
      case VOTE_REQUEST:
        return voteRequest(from);
      case VOTE_RESPONSE:
        return voteResponse(from);
      case APPEND_REQUEST:
        return appendRequest(from);
      case APPEND_ACCEPTED:
        return appendAccepted(from);
      case APPEND_REJECTED:
        return new AppendRejected(term(from), index(from), index(from), term(from));
      case HEARTBEAT:
        return new Heartbeat(
            term(from),
            index(from),
            index(from),
            from.i64(),
            from.i64(),
            freshness(from),
            from.natural("promise"),
            from.flags(1) == 0 ? Optional.empty() : Optional.of(from.address()));
      case HEARTBEAT_RESPONSE:
        return new HeartbeatResponse(
            term(from),
            from.i64(),
            index(from),
            index(from),
            from.flags(1) != 0,
            from.i64(),
            from.i64(),
            from.natural("promise"));
      case SNAPSHOT_OFFER:
        return new SnapshotOffer(term(from), from.snapshotId(), holder(from), from.flags(1) != 0);
      case SNAPSHOT_ANSWER:
        return new SnapshotAnswer(
            term(from),
            from.snapshotId(),
            holder(from),
            from.natural("length"),
            from.flags(1) != 0);
      case SNAPSHOT_REQUEST:
        return new SnapshotRequest(from.snapshotId(), from.natural("offset"), from.positive());
      case SNAPSHOT_CHUNK:
        return new SnapshotChunk(from.snapshotId(), from.natural("offset"), from.bytes());
      case TIMEOUT_NOW:
        return new TimeoutNow(term(from));
      case FORWARD_COMMAND:
        return new ForwardCommand(term(from), from.i64(), from.i64(), proposal(from));
      case FORWARD_RESULT:
        return new ForwardResult(from.i64(), from.i64(), OutcomeCodec.read(from));
      case READ_INDEX_REQUEST:
        return new ReadIndexRequest(from.i64());
      case READ_INDEX_RESPONSE:
        return new ReadIndexResponse(
            from.i64(), from.i64(), index(from), OutcomeCodec.optionalReason(from.u8()));
      case FORMATION_PROBE:
        return probe(from, false);
      case FORMATION_PROBE_WITH_LEVEL:
        return probe(from, true);
      case FORMATION_ANSWER:
        return new FormationAnswer(
            from.flags(1) == 0 ? Optional.empty() : Optional.of(from.entry()));
      case FORWARD_CHANGE:
        return new ForwardChange(
            term(from),
            from.i64(),
            from.i64(),
            index(from),
            from.natural("wait"),
            ChangeCodec.read(from));
      case CHANGE_REFUSED:
        return new ChangeRefused(
            from.i64(), from.i64(), ChangeCodec.reason(from.u8()), from.text());
      case DECLARATION:
        return new Declaration(level(from, FeatureLevel.FIRST));
      case MEMBERSHIP_QUERY:
        return new MembershipQuery(from.address());
      case MEMBERSHIP_NOTICE:
        return new MembershipNotice(
            from.i64(), index(from), ConfigurationCodec.configuration(from));
      case HostMessageCodec.HOST_BEAT:
        return HostMessageCodec.beat(from);
      case HostMessageCodec.HOST_ANSWER:
        return HostMessageCodec.answer(from);
      default:
        throw new DecodeException("message kind " + kind + " is not known");
    }
  }

  private static Holder holder(Reader from) throws DecodeException {
    return new Holder(from.name(), from.i64());
  }

  /** What this member could not apply must not get into the log through it. */
  private static Proposal proposal(Reader from) throws DecodeException {
    int code = from.u8();
    Proposal proposal;
    if (code == LogEntry.Type.COMMAND.code()) {
      proposal = Proposal.command(from.bytes());
    } else if (code == LogEntry.Type.SESSION.code()) {
      proposal = new Proposal(LogEntry.Type.SESSION, from.bytes());
      SessionCodec.decode(proposal.payload());
    } else if (code == LogEntry.Type.SETTINGS.code()) {
      proposal = new Proposal(LogEntry.Type.SETTINGS, from.bytes());
      ClusterSettingsCodec.decode(proposal.payload());
    } else {
      throw new DecodeException("entries of type " + code + " are not forwarded");
    }
    return proposal;
  }

  private static FormationProbe probe(Reader from, boolean level) throws DecodeException {
    int count = from.count(SMALLEST_NAME);
    List<NodeId> listed = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      listed.add(from.name());
    }
    Address address = from.address();
    return level
        ? new FormationProbe(listed, address, level(from, FeatureLevel.FIRST + 1))
        : new FormationProbe(listed, address);
  }

  private static int level(Reader from, int least) throws DecodeException {
    int level = from.u16();
    if (level < least) {
      throw new DecodeException("feature level " + level + " is below " + least);
    }
    return level;
  }

  private static AppendAccepted appendAccepted(Reader from) throws DecodeException {
    long term = term(from);
    long matchIndex = index(from);
    int flags = from.flags(BOTH_FLAGS);
    return new AppendAccepted(
        term, matchIndex, (flags & FIRST_FLAG) != 0, (flags & SECOND_FLAG) != 0);
  }

  private static Freshness freshness(Reader from) throws DecodeException {
    return new Freshness(from.i64(), from.i64(), index(from));
  }

  private static VoteRequest voteRequest(Reader from) throws DecodeException {
    long term = term(from);
    int flags = from.flags(BOTH_FLAGS);
    return new VoteRequest(
        term, (flags & FIRST_FLAG) != 0, (flags & SECOND_FLAG) != 0, index(from), term(from));
  }

  private static VoteResponse voteResponse(Reader from) throws DecodeException {
    long term = term(from);
    int flags = from.flags(BOTH_FLAGS);
    return new VoteResponse(term, (flags & FIRST_FLAG) != 0, (flags & SECOND_FLAG) != 0);
  }

  private static AppendRequest appendRequest(Reader from) throws DecodeException {
    long term = term(from);
    long prevIndex = index(from);
    long prevTerm = term(from);
    long commitIndex = index(from);
    int count = from.count(LogEntry.HEADER_BYTES);
    List<LogEntry> entries = new ArrayList<>(count);
    long lastTerm = prevTerm;
    for (int i = 0; i < count; i++) {
      LogEntry entry = from.entry();
      // The core relies on both: a gap or a term that falls would be a log that no leader can have.
      if (entry.index() - prevIndex != i + 1 || entry.term() < lastTerm || entry.term() > term) {
        throw new DecodeException("entry " + entry + " does not follow");
      }
      lastTerm = entry.term();
      entries.add(entry);
    }
    return new AppendRequest(term, prevIndex, prevTerm, commitIndex, entries);
  }

  private static long term(Reader from) throws DecodeException {
    return from.natural("term");
  }

  private static long index(Reader from) throws DecodeException {
    return from.natural("index");
  }
}
