package dev.quorate.chat.node;

import dev.quorate.chat.cluster.ClusterFile;
import dev.quorate.chat.cluster.ClusterNode;
import dev.quorate.chat.service.ChatServer;
import dev.quorate.chat.state.ChatState;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftNodeBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * One running node of the chat: the state machine, the Raft node around it, the server before it.
 */
public final class ChatNode implements AutoCloseable {

  private final RaftNode raft;
  private final ChatServer server;
  private final InitialLeader initialLeader;
  private final CountDownLatch ended = new CountDownLatch(1);

  private ChatNode(RaftNode raft, ChatServer server, InitialLeader initialLeader) {
    this.raft = raft;
    this.server = server;
    this.initialLeader = initialLeader;
  }

  /**
   * Says what the nodes of a cluster file would find wrong in it when they are started.
   *
   * @throws dev.quorate.raft.api.config.ConfigurationException if there is no such transport or
   *     storage, or a setting is wrong
   */
  public static void check(ClusterFile cluster) {
    for (ClusterNode node : cluster.nodes()) {
      builder(cluster, node)
          .cluster(cluster.cluster(), cluster.members())
          .stateMachine(new ChatState())
          .dataDirectory(Path.of(""))
          .check();
    }
  }

  private static RaftNodeBuilder builder(ClusterFile cluster, ClusterNode self) {
    return Raft.node(self.raftId())
        .settings(
            Settings.of(cluster.settings())
                .with("raft.transport", cluster.transport())
                .with("raft.storage", cluster.storage()));
  }

  /**
   * Starts a node.
   *
   * @param cluster the cluster file
   * @param self the node of the file to run
   * @param data the directory of its data
   * @param joins whether the node waits to be added to a cluster of the file's other nodes, instead
   *     of founding one with them
   * @throws IOException if a port or the data cannot be used; the message names it
   * @throws dev.quorate.raft.api.config.ConfigurationException if a setting of the file is wrong
   */
  static ChatNode start(ClusterFile cluster, ClusterNode self, Path data, boolean joins)
      throws IOException {
    ChatState state = new ChatState();
    RaftNodeBuilder builder = builder(cluster, self).stateMachine(state).dataDirectory(data);
    RaftNode raft =
        (joins
                ? builder.join(cluster.cluster(), cluster.membersBeside(self), self.raftAddress())
                : builder.cluster(cluster.cluster(), cluster.members()))
            .start();
    try {
      ChatServer server = ChatServer.start(self.chatAddress(), raft, state::digest);
      NodeId leader = NodeId.of(Integer.toString(cluster.initialLeader()));
      return new ChatNode(raft, server, InitialLeader.watch(raft, leader));
    } catch (IOException | RuntimeException e) {
      raft.close();
      throw e;
    }
  }

  /** Lets somebody hear what becomes of the Raft node, beginning with what it is now. */
  void addListener(RaftListener listener) {
    raft.addListener(listener);
  }

  /** Waits until the node is closed. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  @Override
  public void close() {
    initialLeader.close();
    server.close();
    raft.close();
    ended.countDown();
  }
}
