package dev.quorate.examples.counter;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.RaftException;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.engine.Raft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;

/**
 * A number that all nodes of a cluster count together. Start it three times, as {@code n1}, {@code
 * n2} and {@code n3}; then every number that is typed to any of them is added, and the sum is read.
 */
public final class Counter implements StateMachine {
  private long count;

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    count += command.getLong();
    return bytes(count);
  }

  @Override
  public byte[] query(ByteBuffer query) {
    return bytes(count);
  }

  static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  public static void main(String[] args) throws IOException {
    String nodes =
        args.length > 1 ? args[1] : "n1=localhost:7001,n2=localhost:7002,n3=localhost:7003";
    try (RaftNode node =
            Raft.node(args[0])
                .cluster("counters", nodes)
                .stateMachine(new Counter())
                .dataDirectory(Path.of("data", args[0]))
                .start();
        Scanner input = new Scanner(System.in, StandardCharsets.UTF_8)) {
      while (input.hasNextLong()) {
        try {
          node.submitOrThrow(bytes(input.nextLong()));
          byte[] total = node.read(new byte[0]).join().value();
          System.out.println(ByteBuffer.wrap(total).getLong());
        } catch (RaftException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }
}
