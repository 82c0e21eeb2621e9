package dev.quorate.chat.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.ChatServiceGrpc;
import dev.quorate.chat.proto.LogInRequest;
import dev.quorate.chat.proto.LogInResponse;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import dev.quorate.raft.api.Address;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers that answer at once that there is no leader. */
class AttemptsTest {

  private final AtomicInteger calls = new AtomicInteger();
  private volatile int servesAfter = Integer.MAX_VALUE;
  private Server one;
  private Server two;

  @BeforeEach
  void start() throws IOException {
    one = server();
    two = server();
  }

  @AfterEach
  void stop() {
    one.shutdownNow();
    two.shutdownNow();
  }

  /** It went round as fast as it could once, and took the processor from the election. */
  @Test
  void aClusterWithoutALeaderIsNotAskedWithoutPause() {
    try (ChatClient client = client(Duration.ofSeconds(3))) {
      // What a first call loads and connects takes longer than many others.
      servesAfter = 0;
      while (calls.get() < 20) {
        assertThat(client.logIn("alice", "correct horse").getResult().getOutcome())
            .isEqualTo(Outcome.OUTCOME_OK);
      }
      servesAfter = Integer.MAX_VALUE;
      calls.set(0);

      Result result = client.logIn("alice", "correct horse").getResult();

      assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_UNAVAILABLE);
      assertThat(result.getCause()).isEqualTo(Cause.CAUSE_NO_LEADER);
    }
    // Two a round, and a round each tenth of a second at most.
    assertThat(calls.get()).isBetween(2, 2 * 31);
  }

  @Test
  void isAskedAgainUntilItServes() {
    servesAfter = 3;
    try (ChatClient client = client(Duration.ofSeconds(20))) {
      Result result = client.logIn("alice", "correct horse").getResult();

      assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_OK);
    }
    assertThat(calls.get()).isEqualTo(4);
  }

  private ChatClient client(Duration timeout) {
    List<Address> addresses =
        List.of(new Address("127.0.0.1", one.getPort()), new Address("127.0.0.1", two.getPort()));
    return new ChatClient(addresses, timeout, timeout);
  }

  private Server server() throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
        .addService(new Leaderless())
        .build()
        .start();
  }

  private final class Leaderless extends ChatServiceGrpc.ChatServiceImplBase {
    @Override
    public void logIn(LogInRequest request, StreamObserver<LogInResponse> answer) {
      Result result =
          calls.incrementAndGet() > servesAfter
              ? Result.newBuilder().setOutcome(Outcome.OUTCOME_OK).build()
              : Result.newBuilder()
                  .setOutcome(Outcome.OUTCOME_UNAVAILABLE)
                  .setCause(Cause.CAUSE_NO_LEADER)
                  .setMessage("no leader")
                  .build();
      answer.onNext(LogInResponse.newBuilder().setResult(result).build());
      answer.onCompleted();
    }
  }
}
