package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuestsTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Address HERE = new Address("here", 7001);

  private final Guests guests = new Guests();

  @Test
  void aGuestStaysForAsLongAsItAsks() {
    guests.add(NodeId.of("n9"), HERE, 0);
    assertThat(guests.present(9 * SECOND)).isEqualTo(Map.of(NodeId.of("n9"), HERE));
    guests.add(NodeId.of("n9"), HERE, 9 * SECOND);
    assertThat(guests.present(18 * SECOND)).hasSize(1);
    assertThat(guests.present(19 * SECOND)).isEmpty();
  }

  @Test
  void thereIsNoRoomForACrowd() {
    for (int i = 0; i < 100; i++) {
      guests.add(NodeId.of("n" + i), HERE, 0);
    }
    assertThat(guests.present(0)).hasSize(16);
  }
}
