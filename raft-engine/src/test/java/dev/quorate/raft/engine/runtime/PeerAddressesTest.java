package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerAddressesTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final NodeId N2 = NodeId.of("n2");
  private static final NodeId N3 = NodeId.of("n3");
  private static final Address OLD = new Address("old", 1);
  private static final Address NEW = new Address("new", 1);

  private final PeerAddresses peers = new PeerAddresses();

  @Test
  void aNodeIsKnownUntilNoGroupSpeaksToIt() {
    assertThat(peers.set("a", Map.of(N1, OLD, N2, OLD))).isTrue();
    assertThat(peers.set("b", Map.of(N2, OLD, N3, OLD))).isTrue();
    assertThat(peers.set("b", Map.of(N2, OLD, N3, OLD))).isFalse();
    assertThat(peers.without(N1)).isEqualTo(Map.of(N2, OLD, N3, OLD));
    assertThat(peers.set("a", Map.of())).isTrue();
    assertThat(peers.without(N3)).isEqualTo(Map.of(N2, OLD));
    assertThat(peers.set("b", Map.of())).isTrue();
    assertThat(peers.without(N3)).isEmpty();
  }

  /** A group that has not heard yet that a node moved must not take the others' word back. */
  @Test
  void whereANodeIsSaysTheGroupWhoseMembersChangedLast() {
    peers.set("a", Map.of(N2, OLD));
    peers.set("b", Map.of(N2, OLD));
    assertThat(peers.set("a", Map.of(N2, NEW))).isTrue();
    assertThat(peers.set("b", Map.of(N2, OLD, N3, OLD))).isTrue();
    assertThat(peers.without(N1)).isEqualTo(Map.of(N2, NEW, N3, OLD));
  }
}
