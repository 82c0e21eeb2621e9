package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.ClientMessage.Answered;
import dev.quorate.raft.engine.message.ClientMessage.Failed;
import dev.quorate.raft.engine.message.ClientMessage.Hello;
import dev.quorate.raft.engine.message.ClientMessage.News;
import dev.quorate.raft.engine.message.ClientMessage.Place;
import dev.quorate.raft.engine.message.ClientMessage.Query;
import dev.quorate.raft.engine.message.ClientMessage.Refusal;
import dev.quorate.raft.engine.message.ClientMessage.Submit;
import dev.quorate.raft.engine.message.ClientMessage.Submitted;
import dev.quorate.raft.engine.message.Proposal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What clients outside the cluster and nodes say to each other, in bytes: the protocol's version, a
 * number for the kind, then the record's components in their order.
 */
public final class ClientCodec {

  /** The one version of the protocol there is. */
  public static final int VERSION = 1;

  /** What any call or answer takes besides its command, query or result: a bound. */
  public static final int MAX_OVERHEAD_BYTES = 64;

  private static final int HELLO = 1;
  private static final int NEWS = 2;
  private static final int REFUSAL = 3;
  private static final int SUBMIT = 4;
  private static final int SUBMITTED = 5;
  private static final int QUERY = 6;
  private static final int ANSWERED = 7;
  private static final int FAILED = 8;

  private static final int LINEARIZABLE = 1;
  private static final int LEASE = 2;
  private static final int STALE = 3;
  private static final int AT_LEAST = 4;

  private static final int MAX_NANOS = 999_999_999;

  private static final int VALUE = 1;
  private static final int REFUSED = 2;

  /** An id of one character and an address of another. */
  private static final int SMALLEST_PLACE = 2 + 2 + 1 + 2;

  private ClientCodec() {}

  /** The message in bytes. */
  public static ByteBuffer encode(ClientMessage message) {
    Writer to = new Writer(MAX_OVERHEAD_BYTES + payloadBytes(message));
    to.u8(VERSION);
    if (message instanceof Submit m) {
      to.u8(SUBMIT).i64(m.number()).i64(m.waitMillis());
      to.u8(m.proposal().type().code()).raw(m.proposal().payload());
    } else if (message instanceof Submitted m) {
      to.u8(SUBMITTED).i64(m.number());
      OutcomeCodec.write(to, m.outcome());
    } else if (message instanceof Query m) {
      to.u8(QUERY).i64(m.number()).i64(m.waitMillis());
      write(to, m.consistency());
      to.raw(m.query());
    } else if (message instanceof Answered m) {
      to.u8(ANSWERED).i64(m.number());
      write(to, m.outcome());
    } else if (message instanceof Failed m) {
      to.u8(FAILED).i64(m.number()).text(OutcomeCodec.cut(m.text()));
    } else if (message instanceof News m) {
      to.u8(NEWS).clusterId(m.clusterId()).name(m.node()).i64(m.term());
      to.u8(m.leader().isPresent() ? 1 : 0);
      m.leader().ifPresent(to::name);
      to.i32(m.maxCalls()).i32(m.maxBytes()).i64(m.version()).i32(m.members().size());
      m.members().forEach(place -> to.name(place.node()).address(place.address()));
    } else if (message instanceof Hello m) {
      to.u8(HELLO).clusterId(m.clusterId()).name(m.group());
    } else {
      to.u8(REFUSAL).text(OutcomeCodec.cut(((Refusal) message).text()));
    }
    return to.done();
  }

  private static int payloadBytes(ClientMessage message) {
    return message instanceof ClientMessage.Call call ? call.bytes() : 0;
  }

  private static void write(Writer to, ReadConsistency consistency) {
    if (consistency instanceof ReadConsistency.Stale stale) {
      to.u8(STALE).i64(stale.maxLag().getSeconds()).i32(stale.maxLag().getNano());
    } else if (consistency instanceof ReadConsistency.AtLeast atLeast) {
      to.u8(AT_LEAST).i64(atLeast.index());
    } else {
      to.u8(consistency instanceof ReadConsistency.Lease ? LEASE : LINEARIZABLE);
    }
  }

  private static void write(Writer to, ReadOutcome outcome) {
    if (outcome instanceof ReadOutcome.Answered answered) {
      to.u8(VALUE).i64(answered.index()).raw(ByteBuffer.wrap(answered.value()));
    } else {
      ReadOutcome.Refused refused = (ReadOutcome.Refused) outcome;
      to.u8(REFUSED).u8(OutcomeCodec.code(refused.reason()));
      to.text(OutcomeCodec.cut(refused.message()));
    }
  }

  /**
   * Reads the message that a frame is. What it holds are views of the frame.
   *
   * @throws DecodeException if the frame is not exactly one message of a known version
   */
  public static ClientMessage decode(ByteBuffer frame) throws DecodeException {
    Reader from = new Reader(frame);
    int version = from.u8();
    if (version != VERSION) {
      throw new DecodeException(
          "client protocol version " + version + " is not known, only " + VERSION + " is");
    }
    ClientMessage message = read(from.u8(), from);
    from.end();
    return message;
  }

  private static ClientMessage read(int kind, Reader from) throws DecodeException {
    return switch (kind) {
      case HELLO -> new Hello(from.clusterId(), from.name().value());
      case NEWS -> news(from);
      case REFUSAL -> new Refusal(from.text());
      case SUBMIT -> new Submit(from.i64(), waitMillis(from), proposal(from));
      case SUBMITTED -> new Submitted(from.i64(), OutcomeCodec.read(from));
      case QUERY -> new Query(from.i64(), waitMillis(from), consistency(from), from.rest());
      case FAILED -> new Failed(from.i64(), from.text());
      case ANSWERED -> new Answered(from.i64(), readOutcome(from));
      default -> throw new DecodeException("client message kind " + kind + " is not known");
    };
  }

  private static long waitMillis(Reader from) throws DecodeException {
    long wait = from.natural("wait");
    if (wait == 0) {
      throw new DecodeException("a call that does not wait");
    }
    return wait;
  }

  /** What no member could apply must not get into the log through a client. */
  private static Proposal proposal(Reader from) throws DecodeException {
    int code = from.u8();
    if (code == LogEntry.Type.COMMAND.code()) {
      return Proposal.command(from.rest());
    }
    if (code == LogEntry.Type.SESSION.code()) {
      Proposal proposal = new Proposal(LogEntry.Type.SESSION, from.rest());
      SessionCodec.decode(proposal.payload());
      return proposal;
    }
    throw new DecodeException("entries of type " + code + " are not taken from clients");
  }

  private static ReadConsistency consistency(Reader from) throws DecodeException {
    int code = from.u8();
    return switch (code) {
      case LINEARIZABLE -> ReadConsistency.LINEARIZABLE;
      case LEASE -> ReadConsistency.LEASE;
      case STALE -> ReadConsistency.stale(lag(from));
      case AT_LEAST -> ReadConsistency.atLeast(from.natural("index"));
      default -> throw new DecodeException("read consistency " + code + " is not known");
    };
  }

  private static Duration lag(Reader from) throws DecodeException {
    long seconds = from.natural("lag");
    int nanos = from.i32("lag");
    if (nanos > MAX_NANOS || seconds == 0 && nanos == 0) {
      throw new DecodeException("a lag of " + seconds + " seconds and " + nanos + " nanoseconds");
    }
    return Duration.ofSeconds(seconds, nanos);
  }

  private static ReadOutcome readOutcome(Reader from) throws DecodeException {
    int kind = from.u8();
    if (kind == VALUE) {
      long index = from.natural("index");
      ByteBuffer view = from.rest();
      byte[] value = new byte[view.remaining()];
      view.get(value);
      return new ReadOutcome.Answered(index, value);
    }
    if (kind == REFUSED) {
      return new ReadOutcome.Refused(OutcomeCodec.reason(from.u8()), from.text());
    }
    throw new DecodeException("read outcome kind " + kind + " is not known");
  }

  private static News news(Reader from) throws DecodeException {
    var clusterId = from.clusterId();
    var node = from.name();
    long term = from.natural("term");
    var leader = from.flags(1) == 0 ? Optional.<NodeId>empty() : Optional.of(from.name());
    int maxCalls = from.positive();
    int maxBytes = from.positive();
    long version = from.natural("version");
    int count = from.count(SMALLEST_PLACE);
    List<Place> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(new Place(from.name(), from.address()));
    }
    return new News(clusterId, node, term, leader, maxCalls, maxBytes, version, members);
  }
}
