package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The arithmetic of majorities, by etcd's data files among others. They are not part of this
 * project: {@code -Draft.datadriven} names their folder.
 */
class QuorumTest {

  private static final List<String> FILES =
      List.of("joint_commit.txt", "joint_vote.txt", "majority_commit.txt", "majority_vote.txt");
  private static final int CASES = 127;

  @TestFactory
  Stream<DynamicTest> etcdsCasesGiveEtcdsResults() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.exists(root.resolve("mvnw"))) {
      root = root.getParent();
    }
    Path folder =
        root.resolve(System.getProperty("raft.datadriven", "../shared/datadriven"))
            .resolve("quorum")
            .normalize();
    assumeTrue(
        Files.isDirectory(folder),
        () -> "etcd's data files are not in " + folder + "; -Draft.datadriven names their folder");
    List<DataDriven.Case> cases = new ArrayList<>();
    for (String file : FILES) {
      cases.addAll(DataDriven.read(folder.resolve(file)));
    }
    assertThat(cases).hasSize(CASES);
    return cases.stream().map(one -> DynamicTest.dynamicTest(one.where(), () -> run(one)));
  }

  private static void run(DataDriven.Case one) {
    assertThat(one.input()).isEmpty();
    Set<Long> voters = ids(one.values("cfg"));
    Set<Long> outgoing = ids(one.values("cfgj"));
    Map<Long, String> values = new LinkedHashMap<>();
    Set<Long> all = new LinkedHashSet<>(voters);
    all.addAll(outgoing);
    List<String> given = one.values(one.command().equals("vote") ? "votes" : "idx");
    assertThat(given).as("a value for each of %s", all).hasSize(all.size());
    int next = 0;
    for (long id : all) {
      values.put(id, given.get(next++));
    }
    if (voters.isEmpty()) {
      // In etcd the empty configuration agrees to everything; here there is none.
      assertThat(one.expected()).isIn("VoteWon", "<empty majority quorum>∞");
      assertThatThrownBy(() -> configuration(voters, outgoing))
          .isInstanceOf(IllegalArgumentException.class);
      return;
    }
    String result =
        one.command().equals("vote")
            ? vote(voters, outgoing, values)
            : committed(voters, outgoing, values);
    assertThat(result).isEqualTo(one.expected());
  }

  private static String vote(Set<Long> voters, Set<Long> outgoing, Map<Long, String> votes) {
    Quorum.Result result = tally(configuration(voters, outgoing), votes);
    if (outgoing.isEmpty()) {
      assertThat(tally(configuration(voters, voters), votes)).as("self-joint").isEqualTo(result);
    } else {
      assertThat(tally(configuration(outgoing, voters), votes)).as("symmetry").isEqualTo(result);
    }
    return switch (result) {
      case WON -> "VoteWon";
      case LOST -> "VoteLost";
      case PENDING -> "VotePending";
    };
  }

  private static Quorum.Result tally(Configuration configuration, Map<Long, String> votes) {
    return Quorum.tally(
        configuration,
        member ->
            switch (votes.get(member.incarnation())) {
              case "y" -> Quorum.Vote.YES;
              case "n" -> Quorum.Vote.NO;
              default -> Quorum.Vote.PENDING;
            });
  }

  private static String committed(Set<Long> voters, Set<Long> outgoing, Map<Long, String> values) {
    TreeMap<Long, Long> known = new TreeMap<>();
    values.forEach(
        (id, value) -> {
          if (!value.equals("_")) {
            known.put(id, Long.valueOf(value));
          }
        });
    long result = reached(configuration(voters, outgoing), known);
    assertThat(naive(voters, outgoing, known)).as("counted one by one").isEqualTo(result);
    if (outgoing.isEmpty()) {
      assertThat(reached(configuration(voters, voters), known)).as("self").isEqualTo(result);
    } else {
      assertThat(reached(configuration(outgoing, voters), known)).as("symmetry").isEqualTo(result);
    }
    return describe(new TreeSet<>(values.keySet()), known) + result;
  }

  private static long reached(Configuration configuration, Map<Long, Long> known) {
    return Quorum.reached(configuration, member -> known.getOrDefault(member.incarnation(), 0L));
  }

  /** The highest known value that enough voters of each half are not below. */
  private static long naive(Set<Long> voters, Set<Long> outgoing, Map<Long, Long> known) {
    return known.values().stream()
        .filter(value -> most(voters, known, value))
        .filter(value -> outgoing.isEmpty() || most(outgoing, known, value))
        .mapToLong(Long::longValue)
        .max()
        .orElse(0);
  }

  private static boolean most(Set<Long> voters, Map<Long, Long> known, long value) {
    return 2 * voters.stream().filter(id -> known.getOrDefault(id, 0L) >= value).count()
        > voters.size();
  }

  private static String describe(Set<Long> ids, Map<Long, Long> known) {
    int n = ids.size();
    StringBuilder text = new StringBuilder(" ".repeat(n) + "    idx\n");
    for (long id : ids) {
      long index = known.getOrDefault(id, 0L);
      if (known.containsKey(id)) {
        int below =
            (int) ids.stream().filter(other -> known.getOrDefault(other, 0L) < index).count();
        text.append("x".repeat(below)).append('>').append(" ".repeat(n - below));
      } else {
        text.append('?').append(" ".repeat(n));
      }
      text.append(String.format(" %5d    (id=%x)\n", index, id));
    }
    return text.toString();
  }

  private static Set<Long> ids(List<String> texts) {
    Set<Long> ids = new LinkedHashSet<>();
    texts.stream().filter(text -> !text.equals("zero")).map(Long::valueOf).forEach(ids::add);
    return ids;
  }

  /** Ids are numbers in the files; here they are the incarnation as well. */
  private static Configuration configuration(Set<Long> voters, Set<Long> outgoing) {
    return new Configuration(new ClusterId(1, 2), members(voters), members(outgoing), List.of());
  }

  private static List<Member> members(Set<Long> ids) {
    return ids.stream()
        .map(id -> new Member(NodeId.of("n" + id), id, new Address("host", 1)))
        .toList();
  }

  @Test
  void randomMajoritiesEqualAnyOtherWayOfCounting() {
    SplittableRandom random = new SplittableRandom(7);
    for (int run = 0; run < 20_000; run++) {
      Set<Long> voters = someIds(random, 1);
      Set<Long> outgoing = someIds(random, 0);
      Map<Long, Long> known = new TreeMap<>();
      for (long id = 1; id <= 9; id++) {
        if (random.nextInt(4) > 0) {
          known.put(id, random.nextLong(6));
        }
      }
      assertThat(reached(configuration(voters, outgoing), known))
          .isEqualTo(naive(voters, outgoing, known));
    }
  }

  private static Set<Long> someIds(SplittableRandom random, int atLeast) {
    Set<Long> ids = new TreeSet<>();
    int size = atLeast + random.nextInt(7);
    while (ids.size() < size) {
      ids.add(random.nextLong(1, 10));
    }
    return ids;
  }
}
