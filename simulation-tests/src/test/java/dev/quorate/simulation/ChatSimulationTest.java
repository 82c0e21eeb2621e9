package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.chat.state.ChatState;
import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.SimulationTest;
import dev.quorate.raft.testkit.simulation.SimulationFailure;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The chat, as a user of the library tests a state machine, with what its users rely on. */
class ChatSimulationTest {

  private static final HashFile HASHES = new HashFile();
  private static final AtomicInteger SEEN = new AtomicInteger();

  @SimulationTest(seeds = 3)
  void keepsEveryConversationInOrder(long seed) {
    ChatWorkload users = new ChatWorkload();
    HASHES.add(
        Simulation.of(() -> new OrderedChat(new ChatState(), users), users)
            .nodes(3)
            .setting("raft.snapshot.after-entries", "25")
            .setting("raft.snapshot.tail-entries", "5")
            .seed(seed)
            .run());
    SEEN.addAndGet(users.seen());
  }

  @AfterAll
  static void messagesWereSentAndRunsAreTheSameInEveryProcess() throws IOException {
    assertThat(SEEN).hasPositiveValue();
    HASHES.writeOrCompareIfWanted("chat");
  }

  @Test
  void aMessageThatIsLostIsSeen() {
    ChatWorkload users = new ChatWorkload();
    assertThatThrownBy(
            () ->
                Simulation.of(() -> new OrderedChat(new Forgetful(), users), users).faults().run())
        .isInstanceOf(SimulationFailure.class)
        .hasMessageContaining("is not the last of its conversation");
  }
}
