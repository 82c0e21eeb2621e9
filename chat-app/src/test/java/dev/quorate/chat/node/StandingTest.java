package dev.quorate.chat.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeCondition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingTest {

  @Test
  void saysWhatChangesAndNothingTwice() {
    StringWriter out = new StringWriter();
    Standing standing = new Standing(6, new PrintWriter(out));

    List.of(
            new NodeCondition.NotAMember("it waits"),
            new NodeCondition.Working(),
            new NodeCondition.Degraded(NodeCondition.Fault.HALTED, "its disk failed"),
            new NodeCondition.Working(),
            new NodeCondition.NotAMember("it was removed"),
            new NodeCondition.Closed())
        .forEach(standing::onConditionChanged);

    assertThat(out.toString().lines())
        .containsExactly(
            "node 6 is no member of the cluster: it waits",
            "node 6 is a member of the cluster",
            "node 6 does not serve: its disk failed",
            "node 6 is a member of the cluster",
            "node 6 is no member of the cluster: it was removed");
  }

  @Test
  void whoIsAMemberFromTheBeginningSaysSo() {
    StringWriter out = new StringWriter();

    new Standing(2, new PrintWriter(out)).onConditionChanged(new NodeCondition.Working());

    assertThat(out.toString().lines()).containsExactly("node 2 is a member of the cluster");
  }
}
