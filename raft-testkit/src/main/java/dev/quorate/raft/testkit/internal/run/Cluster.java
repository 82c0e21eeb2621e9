package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.testkit.internal.check.Invariants;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.storage.LogModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The machines of a run, and what may still be done to them. */
final class Cluster {

  private final List<SimulatedNode> nodes;
  private final List<SimulatedNode> founders;
  private final Invariants invariants;
  private final Neighbours neighbours;
  private final List<Asked> asked = new ArrayList<>();

  /** Voters that somebody wished for, in place of those of a version. */
  private record Asked(long version, Set<MemberId> voters) {}

  /**
   * The machines of a run.
   *
   * @param founders how many of them, the first ones, found the cluster; the others wait to be let
   *     in
   * @param neighbours the further groups on those
   */
  Cluster(List<SimulatedNode> nodes, int founders, Invariants invariants, Neighbours neighbours) {
    this.nodes = List.copyOf(nodes);
    this.founders = this.nodes.subList(0, founders);
    this.invariants = invariants;
    this.neighbours = neighbours;
  }

  List<SimulatedNode> nodes() {
    return nodes;
  }

  SimulatedNode any(RandomGenerator random) {
    return nodes.get(random.nextInt(nodes.size()));
  }

  SimulatedNode node(NodeId id) {
    return find(id).orElseThrow();
  }

  /** The machine of that name, if there is one. */
  Optional<SimulatedNode> find(NodeId id) {
    return nodes.stream().filter(it -> it.id().equals(id)).findFirst();
  }

  List<NodeId> ids() {
    return nodes.stream().map(SimulatedNode::id).toList();
  }

  /** The leader of the highest term, if a running node leads. */
  Optional<SimulatedNode> leader() {
    return nodes.stream()
        .filter(SimulatedNode::isLeader)
        .max(Comparator.comparingLong(node -> node.status().term()));
  }

  /** Any node that believes to lead, if one does. */
  Optional<SimulatedNode> anyLeader(RandomGenerator random) {
    List<SimulatedNode> leaders = nodes.stream().filter(SimulatedNode::isLeader).toList();
    return leaders.isEmpty()
        ? Optional.empty()
        : Optional.of(leaders.get(random.nextInt(leaders.size())));
  }

  /** Whether every founder has the founding entry of each group for good. */
  boolean isFormed() {
    return neighbours.areFormed()
        && founders.stream()
            .allMatch(node -> node.isDamaged() || node.isReplaced() || node.durableEntries() > 0);
  }

  /** Whether a machine is, or may become, a member of a group and has its data. */
  boolean isSound(SimulatedNode node) {
    return !node.isDamaged()
        && (isFormed()
            ? isMember(node) || neighbours.haveMember(node.member())
            : founders.contains(node));
  }

  private boolean isMember(SimulatedNode node) {
    return invariants.inForce().stream().anyMatch(of -> of.isMember(node.member()));
  }

  /** Those of some machines that may be members of the group that is judged in full. */
  List<SimulatedNode> members(List<SimulatedNode> some) {
    return isFormed() ? some.stream().filter(this::isMember).toList() : some;
  }

  /** The machines with empty disks that are no members, once there is a cluster. */
  List<SimulatedNode> outside() {
    return nodes.stream()
        .filter(node -> !isSound(node) && !node.isDamaged() && node.durableEntries() == 0)
        .toList();
  }

  /** The nodes that have their data. */
  List<SimulatedNode> sound() {
    return nodes.stream().filter(this::isSound).toList();
  }

  /**
   * Whether one more disk may be lost: a minority at most of each set of voters that decides, or
   * may come to, and not before there is a cluster.
   */
  boolean mayDamage(SimulatedNode node) {
    return isFormed()
        && isSound(node)
        && mayWipe(node)
        && electorates().stream().allMatch(of -> !of.contains(node.member()) || spare(of) > 0);
  }

  /** Whether its disk may be lost as far as the groups besides the first are concerned. */
  boolean mayWipe(SimulatedNode node) {
    return !neighbours.areLostWith(node.id());
  }

  /**
   * A disk is lost. Whoever founded the cluster alone joins it from then on, as its operator is
   * told to have it do, or it would found another.
   */
  void wipe(SimulatedNode node) {
    Optional<SimulatedNode> other = sound().stream().filter(it -> !it.equals(node)).findFirst();
    node.wipe();
    if (founders.equals(List.of(node)) && other.isPresent()) {
      node.joinsBy(List.of(other.get().listed()));
    } else {
      node.joinsBy(node.contacts().stream().map(it -> node(it.id()).listed()).toList());
    }
  }

  /**
   * Whether one more machine may move: of those of whom any member has an old address, a minority
   * of each set of voters that decides at most. Then whoever has to find each other has somebody in
   * common whom all find.
   */
  boolean mayMove(SimulatedNode node) {
    List<MemberId> lost =
        nodes.stream()
            .filter(it -> it.equals(node) || isSomewhereElseFor(nodes, it))
            .map(SimulatedNode::member)
            .toList();
    return isFormed()
        && isSound(node)
        && electorates().stream()
            .allMatch(of -> 2 * lost.stream().filter(of::contains).count() <= of.size());
  }

  private boolean isSomewhereElseFor(List<SimulatedNode> some, SimulatedNode node) {
    return some.stream()
        .filter(it -> !it.equals(node) && isSound(it))
        .flatMap(it -> possible(it.log()))
        .anyMatch(configuration -> isElsewhere(node, configuration));
  }

  /** The configuration in a log, and the one that a crash may leave there. */
  private static Stream<Configuration> possible(LogModel log) {
    return Stream.of(log.writtenConfigurations(), log.durableConfigurations())
        .flatMap(all -> Stream.ofNullable(all.lastEntry()))
        .map(Map.Entry::getValue);
  }

  private static boolean isElsewhere(SimulatedNode node, Configuration configuration) {
    return configuration
        .member(node.member())
        .filter(member -> !member.address().equals(node.listed().address()))
        .isPresent();
  }

  /** The members of the newest committed configuration that names an old address of theirs. */
  List<SimulatedNode> moved() {
    Map.Entry<Long, Configuration> last = invariants.ledger().configurations().lastEntry();
    return last == null
        ? List.of()
        : nodes.stream().filter(node -> isElsewhere(node, last.getValue())).toList();
  }

  /** The versions of the members before the present ones. */
  List<Long> pastVersions() {
    List<Long> versions = new ArrayList<>(invariants.ledger().configurations().keySet());
    return versions.isEmpty() ? versions : versions.subList(0, versions.size() - 1);
  }

  /** Whether a majority of these voters has its data. */
  boolean maySurvive(Set<MemberId> voters) {
    return spare(voters) >= 0;
  }

  /** A change of those who decided by that version was asked for; it may come about at any time. */
  void asked(long version, Set<MemberId> voters) {
    asked.add(new Asked(version, voters));
  }

  /** The sets of voters of which a majority each may have to agree, now or after a change. */
  private List<Set<MemberId>> electorates() {
    Map.Entry<Long, Configuration> last = invariants.ledger().configurations().lastEntry();
    asked.removeIf(wish -> last != null && wish.version < last.getKey());
    List<Set<MemberId>> all = new ArrayList<>();
    for (Configuration configuration : invariants.inForce()) {
      all.add(keys(configuration.voters()));
      all.add(keys(configuration.outgoing()));
      configuration.goal().ifPresent(goal -> all.add(keys(goal.voters())));
    }
    asked.forEach(wish -> all.add(wish.voters));
    all.addAll(neighbours.electorates());
    all.removeIf(Set::isEmpty);
    return all;
  }

  private static Set<MemberId> keys(List<Member> members) {
    return members.stream().map(Member::key).collect(Collectors.toCollection(TreeSet::new));
  }

  /** How many of these voters may fail yet. */
  private int spare(Set<MemberId> voters) {
    long sound =
        nodes.stream().filter(node -> !node.isDamaged() && voters.contains(node.member())).count();
    return (int) sound - (voters.size() / 2 + 1);
  }

  /**
   * A majority, or more, of the nodes with their data; all of them before there is a cluster. Every
   * second time without the leader, because it is the one that is missed.
   */
  List<SimulatedNode> core(RandomGenerator random) {
    List<SimulatedNode> sound = new ArrayList<>(sound());
    if (!isFormed()) {
      return sound;
    }
    int spare = Math.max(0, electorates().stream().mapToInt(this::spare).min().orElse(0));
    int wanted = sound.size() - spare + random.nextInt(spare + 1);
    if (sound.size() > wanted && random.nextBoolean()) {
      leader().ifPresent(sound::remove);
    }
    while (sound.size() > wanted) {
      sound.remove(random.nextInt(sound.size()));
    }
    return sound;
  }

  /** One that was not removed meanwhile, because with that nothing is written. */
  static SimulatedNode anyMember(List<SimulatedNode> core) {
    return core.stream()
        .filter(node -> !(node.status().condition() instanceof NodeCondition.NotAMember))
        .findFirst()
        .orElse(core.get(0));
  }

  /** Whether these run and have applied everything that was ever committed. */
  boolean isEven(List<SimulatedNode> core) {
    return core.stream()
        .allMatch(
            node -> node.isUp() && node.status().appliedIndex() >= invariants.ledger().lastIndex());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    nodes.forEach(node -> text.append('\n').append(node));
    return text.toString();
  }
}
