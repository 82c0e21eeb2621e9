package dev.quorate.examples.snapshot;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.engine.Raft;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A node in a process of its own, told what to do by lines on its standard input. */
final class BigNode {

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private BigNode() {}

  /** Arguments: id, nodes, directory. */
  public static void main(String[] args) throws IOException {
    try (RaftNode node =
            Raft.node(args[0])
                .cluster("big", args[1])
                .stateMachine(new BigState())
                .dataDirectory(Path.of(args[2]))
                .setting("raft.snapshot.tail-entries", "0")
                .setting("raft.snapshot.keep", "1")
                // Three processes that verify gigabytes leave a small machine no time.
                .setting("raft.heartbeat", "200ms")
                .setting("raft.election-timeout.min", "2s")
                .setting("raft.election-timeout.max", "4s")
                .start();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println("answer " + answer(node, line.split(" ")));
      }
    }
  }

  private static String answer(RaftNode node, String[] words) {
    return switch (words[0]) {
      case "set" -> {
        byte[] command = BigState.bytes(Long.parseLong(words[1]), Long.parseLong(words[2]));
        // Whether it was applied once or twice is the same.
        Outcome outcome = node.submit(command, PATIENCE).join();
        while (!(outcome instanceof Outcome.Applied)) {
          outcome = node.submit(command, PATIENCE).join();
        }
        yield show(outcome.resultOrThrow());
      }
      case "get" -> {
        ReadOutcome outcome = node.read(new byte[0], PATIENCE).join();
        yield outcome instanceof ReadOutcome.Answered answered
            ? show(answered.value())
            : outcome.toString();
      }
      case "snapshot" -> node.takeSnapshot(PATIENCE).join().toString();
      default -> node.status().toString();
    };
  }

  private static String show(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    return bytes.getLong() + " " + bytes.getLong();
  }
}
