package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a client outside the cluster and a node say to each other, on a link that the client opened.
 * The client begins with {@link Hello}; the node answers with {@link News}, and with more of them
 * whenever there are, or with {@link Refusal}, which is its last. After the first news the client
 * makes calls, as many at a time as the news allow, and each is answered once.
 */
public sealed interface ClientMessage {

  /**
   * The client's first message.
   *
   * @param clusterId the cluster that the client knows, or {@link ClusterId#NONE}
   * @param group the group that it wants
   */
  record Hello(ClusterId clusterId, String group) implements ClientMessage {
    /** Checks that nothing is missing. */
    public Hello {
      Objects.requireNonNull(clusterId, "clusterId");
      Objects.requireNonNull(group, "group");
    }
  }

  /** What is answered once. */
  sealed interface Call extends ClientMessage {
    /** Identifies it on its link. */
    long number();

    /** How long its caller waits from now on, in milliseconds. */
    long waitMillis();

    /** How many bytes of it are the caller's. */
    int bytes();

    /** The same with another wait. */
    Call waiting(long millis);
  }

  /**
   * A command, or a request of a session.
   *
   * @param number identifies it on its link
   * @param waitMillis how long its caller waits, at least 1
   * @param proposal what is to be appended
   */
  record Submit(long number, long waitMillis, Proposal proposal) implements Call {
    @Override
    public int bytes() {
      return proposal.bytes();
    }

    @Override
    public Submit waiting(long millis) {
      return new Submit(number, millis, proposal);
    }
  }

  /**
   * A read.
   *
   * @param number identifies it on its link
   * @param waitMillis how long its caller waits, at least 1
   * @param consistency what the answer must reflect
   * @param query the query
   */
  record Query(long number, long waitMillis, ReadConsistency consistency, ByteBuffer query)
      implements Call {
    @Override
    public int bytes() {
      return query.remaining();
    }

    @Override
    public Query waiting(long millis) {
      return new Query(number, millis, consistency, query);
    }
  }

  /**
   * How the cluster is seen by a node.
   *
   * @param clusterId the cluster, or {@link ClusterId#NONE} while it is forming
   * @param node the node that says so
   * @param term its term
   * @param leader the leader of that term, if the node knows one
   * @param maxCalls how many calls the client may have under way on the link
   * @param maxBytes and how many bytes of them
   * @param version of the members: whose is greater has the newer ones
   * @param members where the members are
   */
  record News(
      ClusterId clusterId,
      NodeId node,
      long term,
      Optional<NodeId> leader,
      int maxCalls,
      int maxBytes,
      long version,
      List<Place> members)
      implements ClientMessage {
    /** Copies the list and checks that nothing is missing. */
    public News {
      Objects.requireNonNull(clusterId, "clusterId");
      Objects.requireNonNull(node, "node");
      Objects.requireNonNull(leader, "leader");
      members = List.copyOf(members);
    }
  }

  /**
   * Where a member is.
   *
   * @param node the member
   * @param address where it listens
   */
  record Place(NodeId node, Address address) {
    /** Checks that nothing is missing. */
    public Place {
      Objects.requireNonNull(node, "node");
      Objects.requireNonNull(address, "address");
    }
  }

  /**
   * The node does not serve this client.
   *
   * @param text why, for people
   */
  record Refusal(String text) implements ClientMessage {
    /** Checks that there is a text. */
    public Refusal {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * The end of a {@link Submit}.
   *
   * @param number of the call
   * @param outcome what became of it
   */
  record Submitted(long number, Outcome outcome) implements ClientMessage {
    /** Checks that there is an outcome. */
    public Submitted {
      Objects.requireNonNull(outcome, "outcome");
    }
  }

  /**
   * The end of a {@link Query}.
   *
   * @param number of the call
   * @param outcome what became of it
   */
  record Answered(long number, ReadOutcome outcome) implements ClientMessage {
    /** Checks that there is an outcome. */
    public Answered {
      Objects.requireNonNull(outcome, "outcome");
    }
  }

  /**
   * The end of a {@link Query} by which the state machine threw: misuse, and the asker's own.
   *
   * @param number of the call
   * @param text what it threw, for people
   */
  record Failed(long number, String text) implements ClientMessage {
    /** Checks that there is a text. */
    public Failed {
      Objects.requireNonNull(text, "text");
    }
  }
}
