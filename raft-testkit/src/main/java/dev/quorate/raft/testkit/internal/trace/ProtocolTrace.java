package dev.quorate.raft.testkit.internal.trace;

import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.MemberStatus.Standing;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a run does as far as the protocol is concerned, for {@code docs/spec/trace}: a line of JSON
 * an event, in the vocabulary of etcd's trace for TLA+ (state, role, log, configuration, message).
 * The entry with which a cluster is founded is left out of logs, as in the specification; its
 * configuration is the first event.
 */
public final class ProtocolTrace {

  /** The index of the entry with which a cluster is founded. */
  static final long FOUNDING = 1;

  private final List<String> lines = new ArrayList<>();
  private final Set<NodeId> starting = new HashSet<>();
  private final Map<NodeId, String> shown = new TreeMap<>();
  private final Map<NodeId, String> persisted = new TreeMap<>();
  private final Map<NodeId, Set<String>> sent = new TreeMap<>();
  private final RecordedReads reads = new RecordedReads(this::add);
  private String founded = "";

  /** A process of a node begins. */
  public void started(NodeId id) {
    starting.add(id);
    shown.remove(id);
    persisted.remove(id);
    sent.remove(id);
    reads.lost(id);
  }

  /** A turn of a node is over. */
  public void turned(NodeId id, NodeStatus view) {
    if (view.lastIndex() < FOUNDING) {
      return;
    }
    String state =
        "\"state\":{\"term\":%d,\"commit\":%d},\"role\":\"%s\",\"log\":%d,\"conf\":%s"
            .formatted(
                view.term(),
                Math.max(0, view.commitIndex() - FOUNDING),
                role(view.role()),
                view.lastIndex() - FOUNDING,
                effective(view.membership()));
    if (!state.equals(shown.put(id, state))) {
      add("turned", id, state);
    }
  }

  /** Who of the outgoing voters stays one is not shown to users. */
  private static String effective(Membership members) {
    return "{\"index\":%d,\"phase\":\"%s\",\"voters\":%s,\"leaving\":%s}"
        .formatted(
            members.version() - FOUNDING,
            members.phase() == Membership.Phase.JOINT ? "joint" : "steady",
            those(members, Standing.VOTER),
            those(members, Standing.LEAVING_VOTER));
  }

  private static String those(Membership members, Standing standing) {
    return list(
        members.members().stream()
            .filter(member -> member.standing() == standing)
            .map(MemberStatus::node));
  }

  private static String role(Role role) {
    return switch (role) {
      case LEADER -> "leader";
      case CANDIDATE -> "candidate";
      default -> "follower";
    };
  }

  /** A node's disk holds this for good; the first time after its process began, it was read. */
  public void forced(
      NodeId id,
      HardState state,
      List<LogEntry> entries,
      NavigableMap<Long, Configuration> configurations) {
    boolean begins = starting.remove(id);
    if (entries.size() < FOUNDING) {
      return;
    }
    if (founded.isEmpty()) {
      founded =
          line("founded", id, "\"conf\":{%s}".formatted(halves(configurations.get(FOUNDING))));
    }
    String disk =
        "\"state\":{\"term\":%d,\"vote\":%s},\"log\":[%s],\"confs\":[%s]"
            .formatted(
                state.term(),
                quoted(state.votedFor().map(NodeId::value).orElse("none")),
                entries.stream()
                    .skip(FOUNDING)
                    .map(entry -> Long.toString(entry.term()))
                    .collect(Collectors.joining(",")),
                configurations.tailMap(FOUNDING, false).entrySet().stream()
                    .map(ProtocolTrace::entry)
                    .collect(Collectors.joining(",")));
    if (!disk.equals(persisted.put(id, disk)) || begins) {
      add(begins ? "restarted" : "persisted", id, disk);
    }
  }

  private static String entry(Map.Entry<Long, Configuration> at) {
    return "{\"index\":%d,%s}".formatted(at.getKey() - FOUNDING, halves(at.getValue()));
  }

  private static String halves(Configuration configuration) {
    return "\"voters\":%s,\"outgoing\":%s"
        .formatted(
            list(configuration.voters().stream().map(Member::id)),
            list(configuration.outgoing().stream().map(Member::id)));
  }

  /** A read that must see all that is committed is asked for at a node. Who answers it tells so. */
  public RecordedReads.Read asked(NodeId id) {
    return reads.asked(id);
  }

  /** A message leaves a node; what was said before is left out. */
  public void sent(NodeId from, NodeId to, Message message) {
    if (message instanceof VoteRequest request && !request.preVote()) {
      say(from, "request", request.term(), request.lastIndex(), "");
    } else if (message instanceof VoteResponse response
        && response.granted()
        && !response.preVote()) {
      say(from, "vote", response.term(), FOUNDING, ",\"to\":" + quoted(to.value()));
    } else if (message instanceof AppendAccepted accepted) {
      accepted(from, accepted.term(), accepted.matchIndex());
    } else if (message instanceof HeartbeatResponse response) {
      accepted(from, response.term(), response.matchIndex());
      if (shown.containsKey(from)) {
        // Who has no log yet, not even of the founding, has no vote.
        reads.heard(from, response.term(), response.round());
      }
    } else if (message instanceof Heartbeat heartbeat) {
      reads.round(from, heartbeat.term(), heartbeat.round());
    } else if (message instanceof AppendRequest append) {
      long last = append.prevIndex() + append.entries().size();
      long commit = Math.max(0, Math.min(append.commitIndex(), last) - FOUNDING);
      say(from, "append", append.term(), last, ",\"commit\":" + commit);
    }
  }

  private void accepted(NodeId from, long term, long match) {
    if (match > FOUNDING) {
      say(from, "accepted", term, match, "");
    }
  }

  private void say(NodeId from, String type, long term, long index, String more) {
    String message =
        "\"msg\":{\"type\":\"%s\",\"term\":%d,\"index\":%d%s}"
            .formatted(type, term, Math.max(0, index - FOUNDING), more);
    if (sent.computeIfAbsent(from, id -> new HashSet<>()).add(message)) {
      add("sent", from, message);
    }
  }

  private void add(String name, NodeId id, String more) {
    lines.add(line(name, id, more));
  }

  private static String line(String name, NodeId id, String more) {
    return "{\"name\":\"%s\",\"nid\":%s,%s}".formatted(name, quoted(id.value()), more);
  }

  private static String list(Stream<NodeId> nodes) {
    return nodes.map(node -> quoted(node.value())).collect(Collectors.joining(",", "[", "]"));
  }

  /** A node's id has no character that would have to be escaped. */
  private static String quoted(String name) {
    return '"' + name + '"';
  }

  /** The events, oldest first, a line each. */
  public String text() {
    return founded + "\n" + String.join("\n", lines) + "\n";
  }
}
