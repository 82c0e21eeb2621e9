package dev.quorate.raft.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.SessionRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Long random logs: the table, one that is restored from its section now and then, and a model. */
class SessionHistoryTest {

  private static final int HISTORIES = 300;
  private static final int ENTRIES = 400;

  @Test
  void theTableDoesWhatTheModelSaysAndSoDoesARestoredOne() throws IOException {
    TreeSet<String> seen = new TreeSet<>();
    for (long seed = 1; seed <= HISTORIES; seed++) {
      run(seed, seen);
    }
    assertThat(seen)
        .as("every kind of end came up")
        .containsExactly(
            "OUT_OF_ORDER",
            "OVER_LIMIT",
            "SEQUENCE_REUSED",
            "SESSION_EXPIRED",
            "TOO_MANY_SESSIONS",
            "applied",
            "forgotten");
  }

  private static void run(long seed, TreeSet<String> seen) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ClusterSettings settings =
        new ClusterSettings(
            1,
            random.nextInt(1, 5),
            random.nextInt(1, 6),
            random.nextInt(1, 40),
            random.nextInt(5, 200),
            false);
    Sheet plain = new Sheet();
    Sheet restored = new Sheet();
    plain.settings(settings);
    restored.settings(settings);
    SessionModel model = new SessionModel(settings);
    List<Long> ids = new ArrayList<>();
    long millis = 0;
    for (int index = 2; index < ENTRIES; index++) {
      long pause = random.nextInt(20) == 0 ? random.nextInt(300) : random.nextInt(8);
      millis += pause;
      plain.pass(pause);
      restored.pass(pause);
      SessionRequest request = any(random, ids);
      String expected = model.apply(index, millis, request);
      if (request instanceof SessionRequest.Open && expected.equals("applied")) {
        ids.add((long) index);
      }
      String at = "seed " + seed + ", entry " + index + ", " + request;
      assertThat(words(plain.apply(request), request)).as(at).isEqualTo(expected);
      assertThat(words(restored.apply(request), request)).as(at).isEqualTo(expected);
      seen.add(expected.startsWith("applied") ? "applied" : expected);
      if (random.nextInt(10) == 0) {
        restored.restore();
        assertThat(restored.section()).as(at).isEqualTo(plain.section());
      }
    }
    assertThat(plain.applied).isEqualTo(model.applied()).isEqualTo(restored.applied);
  }

  private static SessionRequest any(SplittableRandom random, List<Long> ids) {
    int kind = random.nextInt(100);
    if (ids.isEmpty() || kind < 6) {
      return new SessionRequest.Open();
    }
    long id = ids.get(Math.max(0, ids.size() - 1 - random.nextInt(4)));
    if (kind < 8) {
      return new SessionRequest.Close(id);
    }
    if (kind < 14) {
      return new SessionRequest.KeepAlive(id);
    }
    long sequence = random.nextLong(1, 14);
    long acknowledged = random.nextLong(0, sequence + 1);
    if (kind < 20) {
      return new SessionRequest.Skip(id, sequence, acknowledged, sequence + random.nextInt(3));
    }
    String text = id + "." + sequence + (random.nextInt(20) == 0 ? "x" : "");
    return new SessionRequest.Command(
        id, sequence, acknowledged, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String words(Outcome outcome, SessionRequest request) {
    if (outcome instanceof Outcome.Rejected rejected) {
      return rejected.reason().name();
    }
    if (outcome instanceof Outcome.Unknown) {
      return "forgotten";
    }
    byte[] result = ((Outcome.Applied) outcome).result();
    return request instanceof SessionRequest.Command
        ? "applied " + new String(result, StandardCharsets.UTF_8)
        : "applied";
  }
}
