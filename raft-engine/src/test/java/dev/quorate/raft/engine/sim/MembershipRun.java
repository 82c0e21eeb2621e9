package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.GroupSettings;
import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** One seed of changes of membership under load, in bad weather and with crashes. */
class MembershipRun {

  private static final long MILLI = SimCluster.MILLI;
  private static final int STEPS = 150;

  final SimCluster cluster;
  private final RandomGenerator random;
  int changed;
  int preferences;
  int handedOver;
  boolean rose;

  MembershipRun(long seed) {
    int[] sizes = {3, 1, 3, 2, 5, 3};
    cluster = new SimCluster(sizes[(int) (seed % sizes.length)], 2 + (int) (seed % 3), seed);
    random = cluster.random();
  }

  void play() {
    int loss = random.nextInt(3) * random.nextInt(12);
    cluster
        .network()
        .weather(loss, random.nextInt(2) * random.nextInt(20), MILLI << random.nextInt(6));
    int losses = random.nextInt(2) * random.nextInt(6);
    cluster.nodes().forEach(node -> node.storage().lossesPerThousandForces(losses));
    int crashes = random.nextInt(3);
    int cuts = random.nextInt(3);
    int upgrades = random.nextInt(3) == 0 ? 6 : 0;
    for (int step = 0; step < STEPS; step++) {
      cluster.run(random.nextLong(120 * MILLI));
      disturb(crashes, cuts);
      if (random.nextInt(60) < upgrades) {
        upgrade(cluster.any());
      }
      if (random.nextInt(5) == 0) {
        change();
      }
      if (random.nextInt(20) == 0) {
        prefer(cluster.any());
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        cluster.submit(cluster.any());
      }
      SimNode reader = cluster.any();
      if (random.nextInt(4) == 0 && reader.isUp()) {
        reader.read();
      }
    }
    recover();
    cluster.history().judge(cluster.invariants());
  }

  private void disturb(int crashes, int cuts) {
    SimNode node = cluster.any();
    if (!node.isUp()) {
      if (random.nextInt(3) == 0) {
        node.start();
      }
    } else if (isRemoved(node)) {
      node.crash();
      node.wipe(cluster.nodes());
      node.start();
    } else if (random.nextInt(60) < crashes) {
      node.crash();
    }
    if (random.nextInt(60) < cuts) {
      cluster.network().cut(cluster.any().id(), cluster.any().id());
    } else if (random.nextInt(60) < cuts) {
      SimNode alone = cluster.any();
      for (SimNode other : cluster.nodes()) {
        cluster.network().cut(alone.id(), other.id());
        cluster.network().cut(other.id(), alone.id());
      }
    } else if (random.nextInt(15) == 0) {
      cluster.network().heal();
    }
    if (random.nextInt(40) == 0) {
      cluster.leader().ifPresent(leader -> leader.transferTo(cluster.any().id()));
    }
  }

  /** A node is restarted as a newer version. */
  private static void upgrade(SimNode node) {
    if (node.isUp() && node.level() == 1) {
      node.crash();
      node.upgrade();
      node.start();
    }
  }

  /** It was a member, and says by itself that it is none any more. */
  private static boolean isRemoved(SimNode node) {
    return node.status().condition() instanceof NodeCondition.NotAMember
        && node.status().lastIndex() > 0;
  }

  private void change() {
    SimNode asked = random.nextBoolean() ? cluster.leader().orElse(cluster.any()) : cluster.any();
    if (!asked.isUp() || asked.isClosing()) {
      return;
    }
    List<MembershipChange> wishes = new ArrayList<>();
    for (int i = random.nextInt(8) == 0 ? 3 : 1; i > 0; i--) {
      wishes.add(wish(asked.status().membership()));
    }
    asked.change(wishes, this::ended);
  }

  /** Somebody is to lead rather than others, or not any more, a member or not. */
  private void prefer(SimNode asked) {
    if (asked.isUp() && !asked.isClosing()) {
      NodeId node = cluster.any().id();
      int priority = random.nextInt(3);
      asked
          .status()
          .settings()
          .ifPresent(present -> asked.changeSettings(present.withPriority(node, priority)));
    }
  }

  private void ended(MembershipOutcome outcome) {
    changed += outcome instanceof MembershipOutcome.Changed ? 1 : 0;
  }

  /** Mostly something that can be, as far as the node that is asked knows. */
  private MembershipChange wish(Membership known) {
    if (known.phase() == Membership.Phase.CATCHING_UP && random.nextInt(4) == 0) {
      return new MembershipChange.Cancel();
    }
    NodeId any = cluster.any().id();
    Optional<MemberStatus> waiting = known.waiting().stream().findAny();
    boolean isMember = known.members().stream().anyMatch(member -> member.node().equals(any));
    if (waiting.isPresent() && random.nextInt(3) > 0) {
      NodeId newcomer = waiting.get().node();
      return switch (random.nextInt(3)) {
        case 0 -> new MembershipChange.AddMember(newcomer);
        case 1 -> new MembershipChange.AddLearner(newcomer);
        default -> new MembershipChange.Replace(any, newcomer);
      };
    }
    if (!isMember) {
      return new MembershipChange.AddMember(any);
    }
    return switch (random.nextInt(3)) {
      case 0 -> new MembershipChange.Promote(any);
      case 1 -> new MembershipChange.Demote(any);
      default -> new MembershipChange.Remove(any);
    };
  }

  /** All members are there: a change that is under way ends, and everybody serves. */
  private void recover() {
    cluster.network().heal();
    cluster.network().weather(0, 0, MILLI);
    cluster.nodes().forEach(SimNode::calmDown);
    rose = highestLevel() > 1;
    for (SimNode node : cluster.nodes()) {
      if (node.isUp() && random.nextBoolean()) {
        node.crash();
      }
      if (!node.isUp()) {
        node.upgrade();
        node.start();
      }
    }
    becomes("a leader", () -> cluster.leader().isPresent());
    handedOver += isPreferred(cluster.leader().orElseThrow()) ? 0 : 1;
    // Late messages of the storm may still arrive.
    cluster.run(4_000 * MILLI);
    becomes(
        "no change under way",
        () ->
            cluster.leader().isPresent()
                && cluster.leader().get().status().membership().committed()
                && cluster.leader().get().status().membership().phase() == Membership.Phase.STEADY);
    List<SimNode> members = members(cluster.leader().orElseThrow());
    becomes("all members even", () -> cluster.isEven(members));
    theLevelIsTheLowest(members);
    thePreferredLeads(members);
    int applied = cluster.history().appliedCount();
    int reads = cluster.history().readCount();
    for (SimNode node : members) {
      cluster.submit(node);
      node.read();
    }
    becomes(
        "all members serving",
        () ->
            cluster.isEven(members)
                && cluster.history().appliedCount() >= applied + members.size()
                && cluster.history().readCount() >= reads + members.size());
    for (SimNode node : cluster.nodes()) {
      becomes(
          node.id() + " knowing whether it is a member",
          () ->
              members.contains(node)
                  ? node.status().condition() instanceof NodeCondition.Working
                  : node.status().condition() instanceof NodeCondition.NotAMember);
    }
  }

  private int highestLevel() {
    return cluster.nodes().stream()
        .filter(SimNode::isUp)
        .mapToInt(node -> node.status().membership().featureLevel())
        .max()
        .orElse(0);
  }

  /** Rule P18: what all members support is what the group comes to, and none is below. */
  private void theLevelIsTheLowest(List<SimNode> members) {
    int lowest = members.stream().mapToInt(SimNode::level).min().orElseThrow();
    becomes(
        "the feature level " + lowest,
        () ->
            members.stream().allMatch(node -> node.status().membership().featureLevel() == lowest));
  }

  /**
   * Nobody fails any more: the leadership ends up with who is preferred, by two hand-overs at most
   * (the first may be to who was preferred then), and stays there.
   */
  private void thePreferredLeads(List<SimNode> members) {
    long before = cluster.leader().orElseThrow().status().term();
    Invariants.check(
        cluster.runUntil(
            150 * SimCluster.ELECTION_MAX,
            () -> cluster.leader().filter(this::isPreferred).isPresent()),
        "I18",
        () -> "nobody leads whom the settings prefer: " + cluster);
    becomes("all members even", () -> cluster.isEven(members));
    // Longer than it takes to hand over once more.
    cluster.run(5 * SimCluster.ELECTION_MAX);
    SimNode leader = cluster.leader().orElseThrow();
    long terms = leader.status().term() - before;
    Invariants.check(
        terms <= 2 && isPreferred(leader),
        "I18",
        () -> terms + " terms to find a leader: " + cluster);
    preferences += leader.status().settings().orElseThrow().priorities().isEmpty() ? 0 : 1;
  }

  /** Whether no voter has a higher priority. */
  private boolean isPreferred(SimNode leader) {
    Map<NodeId, Integer> priorities =
        leader.status().settings().map(GroupSettings::priorities).orElse(Map.of());
    int highest =
        leader.status().voters().stream()
            .mapToInt(voter -> priorities.getOrDefault(voter, 0))
            .max()
            .orElse(0);
    return priorities.getOrDefault(leader.id(), 0) == highest;
  }

  private List<SimNode> members(SimNode leader) {
    List<NodeId> ids =
        leader.status().membership().members().stream().map(MemberStatus::node).toList();
    return cluster.nodes().stream().filter(node -> ids.contains(node.id())).toList();
  }

  private void becomes(String what, BooleanSupplier condition) {
    Invariants.check(
        cluster.runUntil(15 * SimCluster.ELECTION_MAX, condition),
        "I18",
        () -> "not " + what + ": " + cluster);
  }
}
