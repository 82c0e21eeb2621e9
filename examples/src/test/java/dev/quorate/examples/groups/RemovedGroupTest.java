package dev.quorate.examples.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.examples.counter.Counter;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.storage.GroupRemovedException;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A group is closed and removed from a host with all its files, while another goes on. */
@Timeout(120)
class RemovedGroupTest {

  @TempDir private Path directory;

  private RaftHost open() throws IOException {
    return Raft.host("n1")
        .cluster("shop", "n1=127.0.0.1:" + freePort())
        .dataDirectory(directory)
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static RaftNode start(RaftHost host, String group) throws IOException {
    return host.group(group).stateMachine(new Counter()).start();
  }

  private static long add(RaftNode node, long amount) {
    byte[] command = ByteBuffer.allocate(Long.BYTES).putLong(amount).array();
    return ByteBuffer.wrap(node.submitOrThrow(command)).getLong();
  }

  private List<String> filesOf(String group) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().contains("group-" + group))
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .toList();
    }
  }

  @Test
  void itsFilesAreGoneAndItsNameIsNotUsedAgain() throws IOException {
    try (RaftHost host = open()) {
      RaftNode orders = start(host, "orders");
      RaftNode prices = start(host, "prices");
      assertThat(add(orders, 1)).isEqualTo(1);
      assertThat(add(prices, 5)).isEqualTo(5);
      assertThatThrownBy(() -> host.removeGroup("orders"))
          .as("it runs")
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("orders");

      orders.close();
      assertThat(filesOf("orders")).hasSizeGreaterThan(1).doesNotContain("removed");
      assertThat(host.removeGroup("orders")).isTrue();

      assertThat(filesOf("orders")).as("what says so for ever").containsExactly("removed");
      assertThat(host.removeGroup("orders")).as("there is nothing of it").isFalse();
      assertThat(host.groups()).containsOnlyKeys("prices");
      assertThatThrownBy(() -> start(host, "orders")).isInstanceOf(GroupRemovedException.class);
      assertThat(add(prices, 1)).isEqualTo(6);
    }
    try (RaftHost host = open()) {
      assertThatThrownBy(() -> start(host, "orders"))
          .as("after a restart, too")
          .isInstanceOf(GroupRemovedException.class);
      assertThat(add(start(host, "prices"), 1)).isEqualTo(7);
    }
  }
}
