package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.MemberStatus.Standing;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.Membership.Phase;
import dev.quorate.raft.engine.membership.JointConsensus;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the core shows of who is in the group. It is made at every turn, so that it holds what is
 * there anyway; what users see is made of it when they look.
 *
 * @param version the index of the effective configuration
 * @param committed the newest configuration that is known to be committed
 * @param configuration the effective configuration
 * @param catchUps how far those are that catch up
 * @param waiting who waits to be let in
 * @param guests whoever asked from outside lately
 * @param told the configuration that names this node, as it was told, while its log has an older
 *     one
 * @param removed how this node knows that it is no member any more, if it does
 */
public record MembershipView(
    long version,
    Configuration committed,
    Configuration configuration,
    List<Membership.CatchUp> catchUps,
    List<Member> waiting,
    List<Member> guests,
    Optional<Configuration> told,
    Optional<String> removed) {

  /** Copies the lists. */
  public MembershipView {
    catchUps = List.copyOf(catchUps);
    waiting = List.copyOf(waiting);
    guests = List.copyOf(guests);
  }

  /** Whether another view shows the same; configurations count as the objects that they are. */
  boolean shows(MembershipView other) {
    return version == other.version
        && committed == other.committed
        && configuration == other.configuration
        && catchUps.equals(other.catchUps)
        && waiting.equals(other.waiting)
        && guests.equals(other.guests)
        && told.equals(other.told)
        && removed.equals(other.removed);
  }

  /** A node that leads no more and takes no part shows less. */
  public MembershipView resigned() {
    return new MembershipView(
        version, committed, configuration, List.of(), List.of(), List.of(), told, removed);
  }

  /** A committed configuration as users see it, and nothing else. */
  static Membership of(long version, Configuration configuration) {
    return new MembershipView(
            version,
            configuration,
            configuration,
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty())
        .forUsers();
  }

  /** What users see. */
  public Membership forUsers() {
    List<MemberStatus> members = new ArrayList<>();
    List<Member> catchingUp = JointConsensus.catchingUp(configuration);
    for (Member member : configuration.members()) {
      members.add(
          status(
              member,
              configuration.voters().contains(member)
                  ? Standing.VOTER
                  : configuration.isVoter(member.key())
                      ? Standing.LEAVING_VOTER
                      : catchingUp.contains(member) ? Standing.CATCHING_UP : Standing.LEARNER));
    }
    return new Membership(
        version,
        committed == configuration,
        configuration.isJoint()
            ? Phase.JOINT
            : configuration.goal().isPresent() ? Phase.CATCHING_UP : Phase.STEADY,
        committed.level(),
        members,
        catchUps,
        waiting.stream().map(member -> status(member, Standing.WAITING)).toList());
  }

  private static MemberStatus status(Member member, Standing standing) {
    return new MemberStatus(
        member.id(), member.incarnation(), member.address(), standing, member.level());
  }
}
