package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.message.Message;
import org.junit.jupiter.api.Test;

class GatedSendsTest {

  private final GatedSends gated = new GatedSends();

  private static Effects.Send send(long number, long afterWrite) {
    return new Effects.Send(NodeId.of("n2"), 0, new Message.ReadIndexRequest(number), afterWrite);
  }

  @Test
  void eachWaitsForItsOwnWriteOnly() {
    assertThat(gated.pass(send(1, Effects.AT_ONCE))).isTrue();
    assertThat(gated.pass(send(2, 5))).isFalse();
    assertThat(gated.pass(send(3, 4))).isFalse();
    assertThat(gated.pass(send(4, 5))).isFalse();
    assertThat(gated.release(3)).isEmpty();
    assertThat(gated.release(4)).containsExactly(send(3, 4));
    assertThat(gated.release(7)).containsExactly(send(2, 5), send(4, 5));
    assertThat(gated.release(8)).isEmpty();
    assertThat(gated.pass(send(5, 7))).isTrue();
  }

  private static Effects.Send response(String to, long term, long round) {
    return new Effects.Send(
        NodeId.of(to), 0, new Message.HeartbeatResponse(term, round, round, 0, true), 5);
  }

  @Test
  void ofHeartbeatResponsesOnlyTheNewestWaits() {
    for (long round = 1; round <= 100; round++) {
      gated.pass(response("n2", 7, round));
      gated.pass(response("n3", 7, round));
    }
    gated.pass(send(1, 5));
    gated.pass(response("n2", 7, 101));
    gated.pass(response("n2", 8, 1));
    gated.pass(response("n3", 7, 99));
    assertThat(gated.release(5))
        .containsExactly(
            response("n3", 7, 100),
            send(1, 5),
            response("n2", 7, 101),
            response("n2", 8, 1),
            response("n3", 7, 99));
  }

  @Test
  void nothingIsSentAfterClearing() {
    gated.pass(send(1, 1));
    gated.clear();
    assertThat(gated.release(1)).isEmpty();
  }
}
