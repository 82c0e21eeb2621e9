package dev.quorate.raft.testkit.internal.trace;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run does as far as the protocol is concerned, for {@code docs/spec/trace}: a line of JSON
 * an event, in the vocabulary of etcd's trace for TLA+ (state, role, log, configuration, message).
 * The entry with which a cluster is founded is left out of logs, as in the specification.
 */
public final class ProtocolTrace {

  private static final long FOUNDING = 1;

  private final List<String> lines = new ArrayList<>();
  private final Set<NodeId> starting = new HashSet<>();
  private final Map<NodeId, String> shown = new TreeMap<>();
  private final Map<NodeId, String> persisted = new TreeMap<>();
  private final Map<NodeId, Set<String>> sent = new TreeMap<>();

  /** A process of a node begins. */
  public void started(NodeId id) {
    starting.add(id);
    shown.remove(id);
    persisted.remove(id);
    sent.remove(id);
  }

  /** A turn of a node is over. */
  public void turned(NodeId id, NodeStatus view) {
    if (view.lastIndex() < FOUNDING) {
      return;
    }
    String state =
        "\"state\":{\"term\":%d,\"commit\":%d},\"role\":\"%s\",\"log\":%d,\"conf\":[%s]"
            .formatted(
                view.term(),
                Math.max(0, view.commitIndex() - FOUNDING),
                role(view.role()),
                view.lastIndex() - FOUNDING,
                view.voters().stream()
                    .map(voter -> quoted(voter.value()))
                    .collect(Collectors.joining(",")));
    if (!state.equals(shown.put(id, state))) {
      add("turned", id, state);
    }
  }

  private static String role(Role role) {
    return switch (role) {
      case LEADER -> "leader";
      case CANDIDATE -> "candidate";
      default -> "follower";
    };
  }

  /** A node's disk holds this for good; the first time after its process began, it was read. */
  public void forced(NodeId id, HardState state, List<LogEntry> entries) {
    boolean begins = starting.remove(id);
    if (entries.size() < FOUNDING) {
      return;
    }
    String disk =
        "\"state\":{\"term\":%d,\"vote\":%s},\"log\":[%s]"
            .formatted(
                state.term(),
                quoted(state.votedFor().map(NodeId::value).orElse("none")),
                entries.stream()
                    .skip(FOUNDING)
                    .map(entry -> Long.toString(entry.term()))
                    .collect(Collectors.joining(",")));
    if (!disk.equals(persisted.put(id, disk)) || begins) {
      add(begins ? "restarted" : "persisted", id, disk);
    }
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
    lines.add("{\"name\":\"%s\",\"nid\":%s,%s}".formatted(name, quoted(id.value()), more));
  }

  /** A node's id has no character that would have to be escaped. */
  private static String quoted(String name) {
    return '"' + name + '"';
  }

  /** The events, oldest first, a line each. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }
}
