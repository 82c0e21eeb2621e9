package dev.quorate.raft.engine.core;

import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The arithmetic of majorities, alone and for joint configurations, in which both halves must agree
 * (Ongaro's dissertation, section 4.3).
 */
final class Quorum {

  private Quorum() {}

  /** What a voter has said so far. */
  enum Vote {
    /** It agreed. */
    YES,
    /** It refused. */
    NO,
    /** It has not answered. */
    PENDING
  }

  /** Where a vote stands. */
  enum Result {
    /** A quorum agreed. */
    WON,
    /** A quorum can no longer agree. */
    LOST,
    /** Neither. */
    PENDING
  }

  /** The highest value that a quorum has reached. */
  static long reached(Configuration configuration, ToLongFunction<Member> value) {
    long ofVoters = reachedByMajority(configuration.voters(), value);
    return configuration.isJoint()
        ? Math.min(ofVoters, reachedByMajority(configuration.outgoing(), value))
        : ofVoters;
  }

  /** Where a vote stands. */
  static Result tally(Configuration configuration, Function<Member, Vote> vote) {
    Result ofVoters = tallyMajority(configuration.voters(), vote);
    if (!configuration.isJoint()) {
      return ofVoters;
    }
    Result ofOutgoing = tallyMajority(configuration.outgoing(), vote);
    if (ofVoters == ofOutgoing) {
      return ofVoters;
    }
    return ofVoters == Result.LOST || ofOutgoing == Result.LOST ? Result.LOST : Result.PENDING;
  }

  private static long reachedByMajority(List<Member> voters, ToLongFunction<Member> value) {
    long[] values = new long[voters.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value.applyAsLong(voters.get(i));
    }
    Arrays.sort(values);
    return values[values.length - majority(values.length)];
  }

  private static Result tallyMajority(List<Member> voters, Function<Member, Vote> vote) {
    int yes = 0;
    int no = 0;
    for (Member voter : voters) {
      switch (vote.apply(voter)) {
        case YES -> yes++;
        case NO -> no++;
        default -> {}
      }
    }
    int majority = majority(voters.size());
    if (yes >= majority) {
      return Result.WON;
    }
    return voters.size() - no < majority ? Result.LOST : Result.PENDING;
  }

  private static int majority(int voters) {
    return voters / 2 + 1;
  }
}
