package dev.quorate.raft.engine.core;

import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message.Declaration;
import dev.quorate.raft.engine.message.Peer;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a group comes to a higher feature level (rule P18). Levels are part of the configuration, so
 * that what a level depends on, who is a member, cannot change beside it:
 *
 * <ol>
 *   <li>A member whose configuration names another level for it than it supports tells its leader,
 *       again and again.
 *   <li>The leader appends a configuration with what was declared.
 *   <li>When that is committed and all members have declared a higher level than the group's, it
 *       appends one with the lowest of theirs as the group's.
 * </ol>
 *
 * <p>A node of a version that does not support the group's level declares nothing: it would lower
 * what all relied on. It stops before it applies the configuration that raised it.
 */
final class FeatureLevels {

  private final NodeState state;
  private final TreeMap<MemberId, Integer> declared = new TreeMap<>();
  private int supported = FeatureLevel.SUPPORTED;
  private long term;
  private Configuration settled;
  private Configuration knownIn;
  private Optional<Long> toldNanos = Optional.empty();

  FeatureLevels(NodeState state) {
    this.state = state;
  }

  /** What this node's version supports. */
  void supports(int level) {
    supported = level;
    settled = null;
    knownIn = null;
  }

  /** A member says what it supports. */
  void onDeclaration(Peer from, Declaration message) {
    if (state.leads() && state.configuration().isMember(from.key())) {
      forgetFormerTerms();
      declared.put(from.key(), message.level());
      settled = null;
    }
  }

  private void forgetFormerTerms() {
    if (term != state.term()) {
      term = state.term();
      declared.clear();
      settled = null;
    }
  }

  /**
   * What comes after a committed configuration in which no change is under way, if anything does.
   */
  Optional<Configuration> next(Configuration present) {
    forgetFormerTerms();
    if (present == settled) {
      return Optional.empty();
    }
    declared.keySet().removeIf(gone -> !present.isMember(gone));
    declared.put(state.self().key(), supported);
    Configuration next = present.withLevels(present.level(), member -> declared(member, present));
    int common =
        Math.min(
            supported,
            Configuration.lowest(present.voters(), present.outgoing(), present.learners()));
    if (!next.equals(present)) {
      return Optional.of(next);
    }
    if (common > present.level()) {
      return Optional.of(present.withLevels(common, member -> member));
    }
    settled = present;
    return Optional.empty();
  }

  private Member declared(Member member, Configuration present) {
    int level = declared.getOrDefault(member.key(), member.level());
    return level < present.level() ? member : member.withLevel(level);
  }

  /** Whether all is declared and appended that this node knows of. */
  boolean isIdle() {
    return state.configuration() == (state.leads() ? settled : knownIn);
  }

  /** Tells the leader, if it does not know. */
  void endTurn(Time now, Effects effects) {
    Configuration present = state.configuration();
    if (present == knownIn || state.leads() || state.leader().isEmpty()) {
      return;
    }
    Optional<Member> self = present.member(state.self().key());
    boolean known = self.isEmpty() || self.get().level() == supported;
    if (known || supported < present.level()) {
      knownIn = present;
    } else if (toldNanos.isEmpty()
        || now.nanos() - toldNanos.get() >= state.settings().electionMinNanos()) {
      toldNanos = Optional.of(now.nanos());
      state.answer(state.leader().get(), new Declaration(supported), Effects.AT_ONCE, effects);
    }
  }
}
