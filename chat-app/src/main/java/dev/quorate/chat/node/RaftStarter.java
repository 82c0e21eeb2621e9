package dev.quorate.chat.node;

import dev.quorate.chat.cluster.ClusterFile;
import dev.quorate.chat.cluster.ClusterNode;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.StateMachine;
import java.io.IOException;
import java.nio.file.Path;

/** Starts the Raft node of one node of the cluster file. */
@FunctionalInterface
interface RaftStarter {

  RaftNode start(ClusterFile cluster, ClusterNode self, StateMachine stateMachine, Path data)
      throws IOException;
}
