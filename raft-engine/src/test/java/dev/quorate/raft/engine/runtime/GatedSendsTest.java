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

  @Test
  void nothingIsSentAfterClearing() {
    gated.pass(send(1, 1));
    gated.clear();
    assertThat(gated.release(1)).isEmpty();
  }
}
