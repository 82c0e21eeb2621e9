package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.testkit.internal.check.ChangeHistory;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import dev.quorate.raft.testkit.simulation.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Who changes the members of a cluster under load, and lets machines with empty disks in. An
 * operator makes no change by which the cluster could lose its data for good: a majority of the new
 * voters must have theirs. Where disks may be lost meanwhile, every change is conditional on the
 * members that it was thought out for.
 */
final class Operator implements FaultFamily {

  /** The faults of this family. */
  static final Set<Fault> CHANGES =
      Collections.unmodifiableSet(
          EnumSet.of(
              Fault.ADD_MEMBER,
              Fault.REMOVE_MEMBER,
              Fault.CHANGE_STANDING,
              Fault.REPLACE_MEMBER,
              Fault.CHANGE_SEVERAL_MEMBERS,
              Fault.REMOVE_LEADER,
              Fault.CHANGE_UPON_CHANGE,
              Fault.STALE_CHANGE,
              Fault.READMIT_DISK));

  private static final List<MembershipChange> GIVE_UP = List.of(new MembershipChange.Cancel());
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final long MIN_DEADLINE_MILLIS = 200;
  private static final long MAX_DEADLINE_MILLIS = 3_000;

  private final Cluster cluster;
  private final ChangeHistory history;
  private final Trace trace;
  private final boolean disksMayBeLost;

  Operator(Cluster cluster, ChangeHistory history, Trace trace, Disasters disasters) {
    this.cluster = cluster;
    this.history = history;
    this.trace = trace;
    this.disksMayBeLost = disasters.anyOf(DiskFaults.destructive());
  }

  @Override
  public Set<Fault> faults() {
    return CHANGES;
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    if (!cluster.isFormed()) {
      return false;
    }
    return switch (fault) {
      case READMIT_DISK -> readmit(victim, random);
      case STALE_CHANGE -> changeWhatIsPast(victim, random);
      case REMOVE_LEADER -> cluster.leader().filter(it -> removeItself(it, random)).isPresent();
      case CHANGE_SEVERAL_MEMBERS -> change(victim, several(victim, random), random);
      case CHANGE_UPON_CHANGE -> changeUponChange(victim, random);
      default -> change(victim, wish(fault, victim, random), random);
    };
  }

  private List<MembershipChange> wish(Fault fault, SimulatedNode asked, RandomGenerator random) {
    Optional<SimulatedNode> newcomer = newcomer(random);
    List<MemberStatus> members = members(asked);
    if (members.isEmpty()) {
      return List.of();
    }
    MemberStatus member = members.get(random.nextInt(members.size()));
    return switch (fault) {
      case ADD_MEMBER -> newcomer.map(it -> List.of(add(it.id(), random))).orElse(List.of());
      case REPLACE_MEMBER ->
          newcomer
              .<List<MembershipChange>>map(
                  it -> List.of(new MembershipChange.Replace(member.node(), it.id())))
              .orElse(List.of());
      case CHANGE_STANDING -> List.of(changeStanding(member));
      default -> List.of(new MembershipChange.Remove(member.node()));
    };
  }

  private static MembershipChange add(NodeId node, RandomGenerator random) {
    return random.nextInt(3) == 0
        ? new MembershipChange.AddLearner(node)
        : new MembershipChange.AddMember(node);
  }

  private static MembershipChange changeStanding(MemberStatus member) {
    return member.standing() == MemberStatus.Standing.VOTER
        ? new MembershipChange.Demote(member.node())
        : new MembershipChange.Promote(member.node());
  }

  private static List<MemberStatus> members(SimulatedNode asked) {
    return asked.isServing() ? asked.status().membership().members() : List.of();
  }

  /** A machine that waits to be let in with an empty disk. */
  private Optional<SimulatedNode> newcomer(RandomGenerator random) {
    List<SimulatedNode> waiting =
        cluster.nodes().stream()
            .filter(node -> node.isServing() && node.durableEntries() == 0)
            .toList();
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of(waiting.get(random.nextInt(waiting.size())));
  }

  /** Wishes of different kinds, about different nodes. */
  private List<MembershipChange> several(SimulatedNode asked, RandomGenerator random) {
    List<MembershipChange> wishes = new ArrayList<>();
    Optional<SimulatedNode> newcomer = newcomer(random);
    newcomer.ifPresent(it -> wishes.add(add(it.id(), random)));
    for (MemberStatus member : members(asked)) {
      boolean isNamed = newcomer.filter(it -> it.id().equals(member.node())).isPresent();
      if (!isNamed && random.nextInt(3) == 0) {
        wishes.add(
            random.nextBoolean()
                ? changeStanding(member)
                : new MembershipChange.Remove(member.node()));
      }
    }
    return wishes;
  }

  private boolean removeItself(SimulatedNode leader, RandomGenerator random) {
    MembershipChange wish =
        random.nextInt(3) == 0
            ? new MembershipChange.Demote(leader.id())
            : new MembershipChange.Remove(leader.id());
    return change(leader, List.of(wish), random);
  }

  /**
   * Several nodes are asked at once for different changes, and one to give up what is under way.
   */
  private boolean changeUponChange(SimulatedNode victim, RandomGenerator random) {
    boolean any = change(victim, wish(Fault.CHANGE_STANDING, victim, random), random);
    SimulatedNode other = cluster.any(random);
    any |= change(other, wish(Fault.ADD_MEMBER, other, random), random);
    SimulatedNode third = cluster.any(random);
    return random.nextBoolean()
        ? change(third, wish(Fault.REMOVE_MEMBER, third, random), random) || any
        : change(third, GIVE_UP, random) || any;
  }

  /** Asks for a change, if the cluster would survive it. */
  private boolean change(
      SimulatedNode asked, List<MembershipChange> wishes, RandomGenerator random) {
    if (wishes.isEmpty() || !asked.isServing()) {
      return false;
    }
    if (isWaiting(asked) && random.nextInt(3) == 0) {
      ask(asked, 0, GIVE_UP, deadline(random));
      return true;
    }
    long version = asked.status().membership().version();
    Configuration now = asked.log().writtenConfigurations().get(version);
    if (now == null) {
      return false;
    }
    Set<MemberId> voters = Roster.votersAfter(now, wishes, id -> cluster.node(id).member());
    boolean conditional = disksMayBeLost || random.nextBoolean();
    if (voters.isEmpty() || !cluster.maySurvive(voters)) {
      return false;
    }
    cluster.asked(version, voters);
    ask(asked, conditional ? version : 0, wishes, deadline(random));
    return true;
  }

  /** Whether a change waits for somebody who may never catch up. */
  private static boolean isWaiting(SimulatedNode node) {
    return node.status().membership().phase() == Membership.Phase.CATCHING_UP;
  }

  /** What a change was thought out for is past, so that it must not come about. */
  private boolean changeWhatIsPast(SimulatedNode asked, RandomGenerator random) {
    List<Long> past = cluster.pastVersions();
    if (past.isEmpty() || members(asked).isEmpty()) {
      return false;
    }
    List<MembershipChange> wishes = wish(Fault.CHANGE_STANDING, asked, random);
    ask(asked, past.get(random.nextInt(past.size())), wishes, deadline(random));
    return true;
  }

  private static Duration deadline(RandomGenerator random) {
    return Duration.ofMillis(random.nextLong(MIN_DEADLINE_MILLIS, MAX_DEADLINE_MILLIS));
  }

  /**
   * A machine that has lost its place gets an empty disk, and waits at any other machine to be let
   * in; once it waits, it is let in: as a new member, or in the place of the disk that it had.
   */
  private boolean readmit(SimulatedNode asked, RandomGenerator random) {
    List<SimulatedNode> outside =
        cluster.nodes().stream().filter(node -> !cluster.isSound(node)).toList();
    if (outside.isEmpty()) {
      return false;
    }
    SimulatedNode machine = outside.get(random.nextInt(outside.size()));
    if (machine.isUp() && machine.durableEntries() == 0 && !machine.isDamaged()) {
      boolean hasPlace = members(asked).stream().anyMatch(it -> it.node().equals(machine.id()));
      return change(
          asked,
          List.of(
              hasPlace ? MembershipChange.Replace.disk(machine.id()) : add(machine.id(), random)),
          random);
    }
    SimulatedNode contact = cluster.any(random);
    if (contact == machine || !cluster.mayWipe(machine)) {
      return false;
    }
    machine.wipe();
    machine.joinsBy(List.of(contact.listed()));
    machine.start();
    return true;
  }

  private void ask(
      SimulatedNode asked, long version, List<MembershipChange> wishes, Duration deadline) {
    trace.add(Event.SUBMIT, asked.id(), version, wishes.size(), "if " + version + ": " + wishes);
    ChangeHistory.Change change = history.asked(asked.id(), asked.boots(), version, wishes);
    (version == 0
            ? asked.node().membership().change(wishes, deadline)
            : asked.node().membership().changeIf(version, wishes, deadline))
        .thenAccept(
            outcome -> {
              if (asked.isBoot(change.boot())) {
                trace.add(Event.OUTCOME, asked.id(), version, Trace.kind(outcome), outcome);
                change.ended(outcome);
              }
            });
  }

  /** Tells the members where machines are now. */
  void announce(SimulatedNode asked, List<SimulatedNode> moved) {
    List<MembershipChange> wishes = new ArrayList<>();
    for (SimulatedNode node : moved) {
      wishes.add(new MembershipChange.UpdateAddress(node.id(), node.listed().address()));
    }
    ask(asked, 0, wishes, DEADLINE);
  }

  /** After the storm: gives up a change that waits for somebody who may never come. */
  void giveUp(SimulatedNode leader) {
    if (isWaiting(leader)) {
      ask(leader, 0, GIVE_UP, DEADLINE);
    }
  }

  /** How many changes wait for their end, at processes that still run. */
  long openCalls() {
    return history.open(change -> cluster.node(change.node()).isBoot(change.boot()));
  }
}
