package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipChange.AddLearner;
import dev.quorate.raft.api.MembershipChange.AddMember;
import dev.quorate.raft.api.MembershipChange.Cancel;
import dev.quorate.raft.api.MembershipChange.Demote;
import dev.quorate.raft.api.MembershipChange.Promote;
import dev.quorate.raft.api.MembershipChange.Remove;
import dev.quorate.raft.api.MembershipChange.Replace;
import dev.quorate.raft.api.MembershipChange.UpdateAddress;
import dev.quorate.raft.api.MembershipOutcome.Reason;
import java.util.ArrayList;
import java.util.List;

/** Wishes to change the members, and reasons to refuse them, in bytes. */
final class ChangeCodec {

  private static final int ADD_MEMBER = 1;
  private static final int ADD_LEARNER = 2;
  private static final int PROMOTE = 3;
  private static final int DEMOTE = 4;
  private static final int REMOVE = 5;
  private static final int REPLACE = 6;
  private static final int UPDATE_ADDRESS = 7;
  private static final int CANCEL = 8;

  private ChangeCodec() {}

  static void write(Writer to, List<MembershipChange> wishes) {
    to.i32(wishes.size());
    wishes.forEach(wish -> write(to, wish));
  }

  private static void write(Writer to, MembershipChange wish) {
    if (wish instanceof AddMember add) {
      to.u8(ADD_MEMBER).name(add.node());
    } else if (wish instanceof AddLearner add) {
      to.u8(ADD_LEARNER).name(add.node());
    } else if (wish instanceof Promote promote) {
      to.u8(PROMOTE).name(promote.node());
    } else if (wish instanceof Demote demote) {
      to.u8(DEMOTE).name(demote.node());
    } else if (wish instanceof Remove remove) {
      to.u8(REMOVE).name(remove.node());
    } else if (wish instanceof Replace replace) {
      to.u8(REPLACE).name(replace.member()).name(replace.newcomer());
    } else if (wish instanceof UpdateAddress update) {
      to.u8(UPDATE_ADDRESS).name(update.node()).address(update.address());
    } else {
      to.u8(CANCEL);
    }
  }

  static List<MembershipChange> read(Reader from) throws DecodeException {
    int count = from.count(1);
    List<MembershipChange> wishes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      wishes.add(wish(from));
    }
    return wishes;
  }

  private static MembershipChange wish(Reader from) throws DecodeException {
    int kind = from.u8();
    switch (kind) {
      case ADD_MEMBER:
        return new AddMember(from.name());
      case ADD_LEARNER:
        return new AddLearner(from.name());
      case PROMOTE:
        return new Promote(from.name());
      case DEMOTE:
        return new Demote(from.name());
      case REMOVE:
        return new Remove(from.name());
      case REPLACE:
        return new Replace(from.name(), from.name());
      case UPDATE_ADDRESS:
        try {
          return new UpdateAddress(from.name(), from.address());
        } catch (IllegalArgumentException e) {
          throw new DecodeException(e.getMessage(), e);
        }
      case CANCEL:
        return new Cancel();
      default:
        throw new DecodeException("wish kind " + kind + " is not known");
    }
  }

  /** The number of a reason, which the order of the enum's constants must not decide. */
  static int code(Reason reason) {
    return switch (reason) {
      case NO_LEADER -> 1;
      case NOT_A_MEMBER -> 2;
      case NOT_READY -> 3;
      case CHANGE_UNDER_WAY -> 4;
      case OTHER_VERSION -> 5;
      case UNKNOWN_MEMBER -> 6;
      case ALREADY_A_MEMBER -> 7;
      case NOT_WAITING -> 8;
      case DISK_WAS_REMOVED -> 9;
      case ROLE_IS_THE_SAME -> 10;
      case NO_VOTER_LEFT -> 11;
      case CONTRADICTION -> 12;
      case NOTHING_TO_CHANGE -> 13;
      case TOO_MANY_MEMBERS -> 14;
      case ADDRESS_IN_USE -> 15;
      case CANCELLED -> 16;
      case SUPERSEDED -> 17;
      case NOT_SERVING -> 18;
      case OVER_LIMIT -> 19;
      case FEATURE_LEVEL -> 20;
    };
  }

  static Reason reason(int code) throws DecodeException {
    for (Reason reason : Reason.values()) {
      if (code(reason) == code) {
        return reason;
      }
    }
    throw new DecodeException("reason " + code + " is not known");
  }
}
