package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.Register.text;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A state machine that refuses commands before they are in the log (rule P15). */
@Timeout(120)
class ValidationTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private TestCluster cluster;

  /** Refuses what it would choke on, in every way in which that can be said. */
  private static final class Careful extends Register {
    @Override
    public Optional<String> validate(ByteBuffer command) {
      String word = StandardCharsets.UTF_8.decode(command).toString();
      return switch (word) {
        case FAIL -> Optional.of("no failing here");
        case OVERFLOW -> throw new StackOverflowError("too deep");
        case "unchecked" -> throw new IllegalStateException("it cannot be read");
        case "impossible" -> throw new AssertionError("it cannot be");
        case "nothing" -> null;
        default -> Optional.empty();
      };
    }
  }

  @BeforeEach
  void start() {
    cluster = new TestCluster(3, Careful::new).startAll();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private static void assertInvalid(Outcome outcome, String message) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(RejectReason.INVALID);
              assertThat(rejected.message()).contains(message);
            });
  }

  /** Where in the log a command was put. */
  private static long apply(RaftNode node) {
    return ((Outcome.Applied) node.submit(bytes("a"), LONG).join()).index();
  }

  @Test
  void whatItRefusesIsRejectedThroughAnyNodeAndTakesNoPlace() {
    RaftNode leader = cluster.leader();
    until("the cluster's settings behind the first no-op", () -> leader.status().lastIndex() >= 3);
    for (RaftNode node : List.of(leader, cluster.follower())) {
      long before = apply(node);
      assertInvalid(node.submit(bytes(Register.FAIL), LONG).join(), "no failing here");
      assertInvalid(node.submit(bytes(Register.OVERFLOW), LONG).join(), "too deep");
      assertInvalid(node.submit(bytes("unchecked"), LONG).join(), "it cannot be read");
      assertInvalid(node.submit(bytes("impossible"), LONG).join(), "it cannot be");
      assertInvalid(node.submit(bytes("nothing"), LONG).join(), "null");
      assertThat(apply(node)).isEqualTo(before + 1);
    }
    assertThat(leader.status().condition()).isInstanceOf(NodeCondition.Working.class);
    assertThat(text(leader.read(bytes(""), LONG).join().value())).isEqualTo("a a a a ");
  }

  @Test
  void aSessionGoesOnBehindACommandThatIsRefused() {
    RaftNode follower = cluster.follower();
    try (Session session = follower.openSession(LONG).join().orThrow()) {
      CompletableFuture<Outcome> first = session.submit(bytes("a"), LONG);
      CompletableFuture<Outcome> refused = session.submit(bytes(Register.FAIL), LONG);
      CompletableFuture<Outcome> third = session.submit(bytes("b"), LONG);
      assertThat(text(first.join().resultOrThrow())).isEqualTo("a!");
      assertInvalid(refused.join(), "no failing here");
      assertThat(text(third.join().resultOrThrow())).isEqualTo("b!");
    }
    assertThat(text(follower.read(bytes(""), LONG).join().value())).isEqualTo("a b ");
  }
}
