package dev.quorate.chat.demo.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.cluster.ClusterFile;
import org.junit.jupiter.api.Test;

class LayoutTest {
  private static final ClusterFile FIVE = ClusterFile.ofFive("127.0.0.1");

  @Test
  void oneMachineRunsAllNodes() {
    Layout layout = Layout.oneMachine(FIVE);
    assertThat(layout.local()).extracting(Place::node).containsExactly(1, 2, 3, 4, 5);
    assertThat(layout.remote()).isEmpty();
    assertThat(layout.place(3).chatAddress()).isEqualTo("127.0.0.1:50053");
    assertThat(layout.place(3).raftAddress()).isEqualTo("127.0.0.1:50063");
  }

  @Test
  void twoMachinesShareTheNodesAndAgreeOnTheirAddresses() {
    Layout first = Layout.twoMachines(FIVE, 1, "10.0.0.1", "10.0.0.2");
    Layout second = Layout.twoMachines(FIVE, 2, "10.0.0.2", "10.0.0.1");
    assertThat(first.local()).extracting(Place::node).containsExactly(1, 2);
    assertThat(second.local()).extracting(Place::node).containsExactly(3, 4, 5);
    assertThat(first.cluster()).isEqualTo(second.cluster());
    assertThat(first.place(1).host()).isEqualTo("10.0.0.1");
    assertThat(first.place(4).host()).isEqualTo("10.0.0.2");
  }

  @Test
  void writesIpv6AddressesSoThatThePortCanBeTold() {
    Layout layout = Layout.twoMachines(FIVE, 1, "fd00:0:0:0:0:0:0:1", "fd00:0:0:0:0:0:0:2");
    assertThat(layout.place(1).chatAddress()).isEqualTo("[fd00:0:0:0:0:0:0:1]:50051");
  }
}
