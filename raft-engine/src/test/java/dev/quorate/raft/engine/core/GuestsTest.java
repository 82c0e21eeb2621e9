package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Peer;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuestsTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Address HERE = new Address("here", 7001);
  private static final Configuration CONFIGURATION = CoreDriver.configuration(3);

  private final Guests guests = new Guests();

  @Test
  void aGuestStaysForAsLongAsItAsks() {
    guests.add(peer("n9", 109), HERE, true, 1, at(0));
    assertThat(guests.present(at(9))).containsExactly(new Member(NodeId.of("n9"), 109, HERE));
    guests.add(peer("n9", 109), HERE, true, 1, at(9));
    assertThat(guests.present(at(18))).hasSize(1);
    assertThat(guests.present(at(19))).isEmpty();
  }

  @Test
  void thereIsNoRoomForACrowd() {
    for (int i = 0; i < 100; i++) {
      guests.add(peer("n" + i, 7), HERE, true, 1, at(0));
    }
    assertThat(guests.present(at(0))).hasSize(16);
  }

  @Test
  void whoHasALogOrIsAMemberDoesNotWait() {
    guests.add(peer("n2", 102), HERE, true, 1, at(0));
    guests.add(peer("n3", 7), HERE, true, 1, at(0));
    guests.add(peer("n8", 108), HERE, false, 1, at(0));
    guests.add(peer("n9", 109), HERE, true, 1, at(0));
    assertThat(guests.waiting(CONFIGURATION, at(0)))
        .isEqualTo(
            List.of(new Member(NodeId.of("n3"), 7, HERE), new Member(NodeId.of("n9"), 109, HERE)));
    assertThat(guests.members(CONFIGURATION)).containsExactly(peer("n2", 102));
  }

  @Test
  void whatAMemberSaysOfItselfIsToldOn() {
    guests.add(peer("n2", 102), HERE, false, 1, at(0));
    guests.add(peer("n8", 108), HERE, false, 1, at(0));
    guests.add(peer("n1", 101), CONFIGURATION.members().get(0).address(), false, 1, at(0));
    assertThat(guests.moved(CONFIGURATION)).containsExactly(new Member(NodeId.of("n2"), 102, HERE));
  }

  @Test
  void whoSaysThatItIsWhereItShouldBeIsNoGuestAnyMore() {
    Address there = CONFIGURATION.members().get(1).address();
    guests.place(peer("n2", 102), HERE, CONFIGURATION, at(0));
    assertThat(guests.present(at(0))).containsExactly(new Member(NodeId.of("n2"), 102, HERE));
    guests.place(peer("n2", 102), there, CONFIGURATION, at(1));
    assertThat(guests.present(at(1))).isEmpty();
    guests.add(peer("n2", 102), HERE, false, 1, at(2));
    guests.place(peer("n2", 102), there, CONFIGURATION, at(3));
    assertThat(guests.present(at(3))).isEmpty();
  }

  @Test
  void hearsayIsNotToldOnAndCountsLess() {
    Address there = new Address("there", 7001);
    guests.hear(new Member(NodeId.of("n2"), 102, there), at(0));
    assertThat(guests.present(at(0))).containsExactly(new Member(NodeId.of("n2"), 102, there));
    assertThat(guests.moved(CONFIGURATION)).isEmpty();
    guests.add(peer("n2", 102), HERE, false, 1, at(0));
    guests.hear(new Member(NodeId.of("n2"), 102, there), at(1));
    assertThat(guests.present(at(1))).containsExactly(new Member(NodeId.of("n2"), 102, HERE));
    assertThat(guests.present(at(10))).isEmpty();
  }

  private static Peer peer(String id, long incarnation) {
    return new Peer(NodeId.of(id), incarnation, 5);
  }

  private static Time at(long seconds) {
    return new Time(seconds * SECOND, 0);
  }
}
