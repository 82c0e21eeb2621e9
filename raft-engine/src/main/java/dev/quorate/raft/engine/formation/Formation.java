package dev.quorate.raft.engine.formation;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.core.Time;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.FormationAnswer;
import dev.quorate.raft.engine.message.Message.FormationProbe;
import dev.quorate.raft.engine.message.Message.MembershipNotice;
import dev.quorate.raft.engine.message.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A node without a log, until it has the first entry of one (rule P1).
 *
 * <ol>
 *   <li>A fresh node probes all other listed nodes, and answers the probes of those that were
 *       started with the same list with "fresh".
 *   <li>When every other listed node has answered so, the first of the list founds the cluster: it
 *       makes the record (an entry at index 1 of term 0 with a random cluster id and all nodes with
 *       their disks), writes it durably, and only then spreads it.
 *   <li>Any other node adopts a record, from whoever holds one, if it names this node with its
 *       present disk, and is done when that is durable.
 *   <li>A record that does not name this node with its present disk means that the node is wiped or
 *       new. It says so, founds nothing and answers nothing any more, and goes on probing, slowly,
 *       until a member says that a committed configuration names it.
 *   <li>So does, from the beginning, a node that was started to join a cluster; but it probes
 *       quickly until somebody has answered.
 * </ol>
 *
 * <p>A node that has a record answers probes with it; that is the core's part.
 */
public final class Formation {

  private static final long PROBE_NANOS = 200_000_000;
  private static final long SLOW_PROBE_NANOS = 2_000_000_000;
  private static final long ANSWER_VALID_NANOS = 5 * PROBE_NANOS;

  /** The sequence of the one batch that formation writes. */
  public static final long RECORD_SEQUENCE = 1;

  private final Peer self;
  private int level = FeatureLevel.SUPPORTED;
  private final List<ListedNode> listed;
  private final List<NodeId> listedIds;
  private final Address address;
  private final List<NodeId> others;
  private final RandomGenerator random;
  private final Answers answers = new Answers(ANSWER_VALID_NANOS);
  private final TreeSet<NodeId> contacts = new TreeSet<>();

  private final SortedMap<NodeId, List<NodeId>> disagreeing = new TreeMap<>();
  private Optional<LogEntry> record = Optional.empty();
  private boolean durable;
  private Optional<Joining> joining = Optional.empty();
  private long nextProbeNanos;
  private long nowNanos;

  /**
   * A node with an empty log.
   *
   * @param self this node
   * @param listed all nodes, this one among them, in the order of the list; the first founds the
   *     cluster
   */
  public Formation(Peer self, List<ListedNode> listed, RandomGenerator random, Time now) {
    this(self, listed, addressOf(self, listed), random, now);
    if (others.size() != listed.size() - 1) {
      throw new IllegalArgumentException("node " + self.id() + " is not once in " + listed);
    }
  }

  private Formation(
      Peer self, List<ListedNode> listed, Address address, RandomGenerator random, Time now) {
    this.self = self;
    this.listed = List.copyOf(listed);
    this.listedIds = listed.stream().map(ListedNode::id).toList();
    this.others =
        listed.stream().map(ListedNode::id).filter(id -> !id.equals(self.id())).sorted().toList();
    this.random = random;
    this.nextProbeNanos = now.nanos();
    this.nowNanos = now.nanos();
    this.address = address;
  }

  private static Address addressOf(Peer self, List<ListedNode> listed) {
    return listed.stream()
        .filter(node -> node.id().equals(self.id()))
        .map(ListedNode::address)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("node " + self.id() + " is not in " + listed));
  }

  /**
   * A node with an empty log that founds nothing, but joins a cluster that is there.
   *
   * @param self this node
   * @param address where it is reached
   * @param members some members of the cluster; none if their {@link #contacts} come later
   */
  public static Formation joining(
      Peer self, Address address, List<ListedNode> members, RandomGenerator random, Time now) {
    Formation formation = new Formation(self, members, address, random, now);
    formation.joining = Optional.of(new Joining(self, "this node joins a cluster"));
    return formation;
  }

  /** The highest feature level that this node's version supports; without it, the present one. */
  public Formation supporting(int supported) {
    level = supported;
    return this;
  }

  /** Whom it asks besides those that it was given: members, perhaps, whose names came later. */
  public void contacts(Set<NodeId> nodes) {
    contacts.clear();
    contacts.addAll(nodes);
  }

  /** A message arrived. Those that are not about formation are for nodes that have a log. */
  public void onMessage(Peer from, Message message, Time now, Effects effects) {
    nowNanos = now.nanos();
    if (message instanceof MembershipNotice notice) {
      joining.ifPresent(waiting -> waiting.onNotice(notice));
    } else if (message instanceof FormationProbe probe && !probe.listed().isEmpty()) {
      boolean agrees = probe.listed().equals(listedIds);
      if (agrees) {
        disagreeing.remove(from.id());
      } else {
        disagreeing.put(from.id(), probe.listed());
      }
      if (agrees && record.isEmpty() && joining.isEmpty()) {
        effects.send(
            from.id(), from.incarnation(), new FormationAnswer(Optional.empty()), Effects.AT_ONCE);
      }
    } else if (message instanceof FormationAnswer answer && record.isEmpty()) {
      if (answer.record().isPresent()) {
        onRecord(from, answer.record().get(), effects);
      } else if (others.contains(from.id())) {
        answers.add(from, nowNanos);
      }
    }
  }

  private void onRecord(Peer from, LogEntry entry, Effects effects) {
    Optional<Configuration> configuration = configuration(entry);
    if (configuration.isEmpty()) {
      return;
    }
    if (configuration.get().isMember(self.key())) {
      joining = Optional.empty();
      write(entry, effects);
      return;
    }
    if (joining.isEmpty()) {
      joining =
          Optional.of(
              new Joining(
                  self,
                  "cluster "
                      + configuration.get().clusterId()
                      + " exists, as "
                      + from.id()
                      + " says, and does not know this disk of "
                      + self.id()
                      + ": it was wiped or is new"));
      nextProbeNanos = nowNanos + jitter(SLOW_PROBE_NANOS);
    }
    joining.get().onRecord(entry, configuration.get().clusterId());
  }

  /** What a record says, if it is one. */
  private static Optional<Configuration> configuration(LogEntry entry) {
    if (entry.type() != LogEntry.Type.CONFIGURATION || entry.index() != 1 || entry.term() != 0) {
      return Optional.empty();
    }
    try {
      Configuration configuration = ConfigurationCodec.decode(entry.payload());
      return Optional.of(configuration).filter(c -> !c.clusterId().equals(ClusterId.NONE));
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  /** The write of that sequence is durable. */
  public void onPersisted(long writeSequence, Time now) {
    nowNanos = now.nanos();
    durable = durable || (record.isPresent() && writeSequence >= RECORD_SEQUENCE);
  }

  /** The time that {@link #nextWakeUp} asked for has come. */
  public void onWakeUp(Time now, Effects effects) {
    nowNanos = now.nanos();
    if (record.isPresent() || nowNanos < nextProbeNanos) {
      return;
    }
    TreeSet<NodeId> asked = new TreeSet<>(others);
    asked.addAll(contacts);
    asked.addAll(knownMembers().keySet());
    // Where it joins, its list is none of nodes that found a cluster with it.
    FormationProbe probe =
        new FormationProbe(listedIds.contains(self.id()) ? listedIds : List.of(), address, level);
    for (NodeId other : asked) {
      effects.send(other, 0, probe, Effects.AT_ONCE);
    }
    // The first questions go before there are connections; one that is answered waits for people.
    boolean answered = joining.filter(Joining::isAnswered).isPresent();
    nextProbeNanos = nowNanos + jitter(answered ? SLOW_PROBE_NANOS : PROBE_NANOS);
  }

  /** Ends a turn: founds the cluster if this node is the one to do it and all have answered. */
  public void endTurn(Time now, Effects effects) {
    nowNanos = now.nanos();
    if (record.isPresent()
        || joining.isPresent()
        || !listed.get(0).id().equals(self.id())
        || !answers.missing(others, nowNanos).isEmpty()) {
      return;
    }
    Configuration configuration = Configuration.ofVoters(randomId(), members());
    LogEntry entry =
        LogEntry.of(
            LogEntry.Type.CONFIGURATION,
            1,
            0,
            0,
            now.wallMillis(),
            ConfigurationCodec.encode(configuration));
    write(entry, effects);
    for (NodeId other : others) {
      effects.send(
          other,
          answers.incarnation(other, nowNanos),
          new FormationAnswer(Optional.of(entry)),
          RECORD_SEQUENCE);
    }
  }

  private List<Member> members() {
    List<Member> members = new ArrayList<>();
    for (ListedNode node : listed) {
      long incarnation =
          node.id().equals(self.id())
              ? self.incarnation()
              : answers.incarnation(node.id(), nowNanos);
      members.add(new Member(node.id(), incarnation, node.address()));
    }
    return members;
  }

  private ClusterId randomId() {
    ClusterId id;
    do {
      id = new ClusterId(random.nextLong(), random.nextLong());
    } while (id.equals(ClusterId.NONE));
    return id;
  }

  private void write(LogEntry entry, Effects effects) {
    record = Optional.of(entry);
    effects.write(new WriteBatch(RECORD_SEQUENCE, List.of(new WriteRecord.Append(List.of(entry)))));
  }

  /** From three quarters to five quarters of an interval, so that nodes do not march in step. */
  private long jitter(long nanos) {
    return nanos * 3 / 4 + random.nextLong(nanos / 2);
  }

  /** When {@link #onWakeUp} is wanted next, in the nanos of {@link Time}. */
  public long nextWakeUp() {
    return record.isPresent() ? Long.MAX_VALUE : nextProbeNanos;
  }

  /** The cluster's first entry, once it is durable here; formation is complete then. */
  public Optional<LogEntry> formed() {
    return durable ? record : Optional.empty();
  }

  /**
   * What a node begins with that a cluster has let in.
   *
   * @param record the cluster's first entry
   * @param notice the committed configuration that names the node
   */
  public record Admission(LogEntry record, MembershipNotice notice) {}

  /** What this node begins with, once a cluster has let it in. */
  public Optional<Admission> admitted() {
    return joining.flatMap(Joining::admitted);
  }

  /** Where the members are of the cluster that this node waits for, as far as it was told. */
  public SortedMap<NodeId, Address> knownMembers() {
    return joining.map(Joining::members).orElseGet(TreeMap::new);
  }

  /** What the node waits for. */
  public NodeCondition condition() {
    if (joining.isPresent()) {
      return new NodeCondition.NotAMember(joining.get().condition());
    }
    if (record.isPresent()) {
      return new NodeCondition.Forming(List.of());
    }
    List<NodeId> missing = answers.missing(others, nowNanos);
    if (disagreeing.isEmpty()) {
      return new NodeCondition.Forming(missing);
    }
    NodeId first = disagreeing.firstKey();
    return new NodeCondition.Forming(
        missing,
        first
            + " was started with the list "
            + disagreeing.get(first)
            + ", this node with "
            + listedIds
            + "; all nodes need the same list in the same order");
  }
}
