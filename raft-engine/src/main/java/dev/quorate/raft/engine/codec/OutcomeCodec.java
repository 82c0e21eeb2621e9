package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Outcomes in bytes. Texts for people are cut where they are longer than anybody reads. */
final class OutcomeCodec {

  static final int NO_REASON = 0;

  private static final int APPLIED = 1;
  private static final int REJECTED = 2;
  private static final int UNKNOWN = 3;

  private static final int MAX_CHARS = 1_000;

  private OutcomeCodec() {}

  static void write(Writer to, Outcome outcome) {
    if (outcome instanceof Outcome.Applied applied) {
      to.u8(APPLIED).i64(applied.index()).bytes(ByteBuffer.wrap(applied.result()));
    } else if (outcome instanceof Outcome.Rejected rejected) {
      to.u8(REJECTED).u8(code(rejected.reason())).text(cut(rejected.message()));
    } else {
      to.u8(UNKNOWN).text(cut(((Outcome.Unknown) outcome).message()));
    }
  }

  static String cut(String text) {
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS);
  }

  static Outcome read(Reader from) throws DecodeException {
    int kind = from.u8();
    switch (kind) {
      case APPLIED:
        long index = from.natural("index");
        ByteBuffer view = from.bytes();
        byte[] result = new byte[view.remaining()];
        view.get(result);
        return new Outcome.Applied(index, result);
      case REJECTED:
        return new Outcome.Rejected(reason(from.u8()), from.text());
      case UNKNOWN:
        return new Outcome.Unknown(from.text());
      default:
        throw new DecodeException("outcome kind " + kind + " is not known");
    }
  }

  /** The number of a reason, which the order of the enum's constants must not decide. */
  static int code(RejectReason reason) {
    return switch (reason) {
      case NO_LEADER -> 1;
      case NOT_A_MEMBER -> 2;
      case OVER_LIMIT -> 3;
      case TOO_LARGE -> 4;
      case SUPERSEDED -> 5;
      case TRANSFERRING -> 6;
      case DEGRADED -> 7;
      case NO_SPACE -> 8;
      case TIMED_OUT -> 9;
      case CLOSED -> 10;
      case TOO_STALE -> 11;
      case SESSION_EXPIRED -> 12;
      case TOO_MANY_SESSIONS -> 13;
      case OUT_OF_ORDER -> 14;
      case SEQUENCE_REUSED -> 15;
      case INVALID -> 16;
    };
  }

  static Optional<RejectReason> optionalReason(int code) throws DecodeException {
    return code == NO_REASON ? Optional.empty() : Optional.of(reason(code));
  }

  static RejectReason reason(int code) throws DecodeException {
    for (RejectReason reason : RejectReason.values()) {
      if (code(reason) == code) {
        return reason;
      }
    }
    throw new DecodeException("reason " + code + " is not known");
  }
}
