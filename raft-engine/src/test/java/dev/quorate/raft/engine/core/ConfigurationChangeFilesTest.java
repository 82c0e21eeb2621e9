package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.raft.engine.membership.JointConsensus;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Goal;
import dev.quorate.raft.engine.message.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The arithmetic of configuration changes by etcd's data files, which are not part of this project:
 * {@code -Draft.datadriven} names their folder. What cannot be compared:
 *
 * <ul>
 *   <li>Lines about progress: where a leader begins to send is its own business here, not the
 *       configuration's.
 *   <li>A configuration without a voter, with which etcd begins: here there is none, a cluster is
 *       founded. The first voters are taken as that, and an empty one is refused as such.
 *   <li>Entering a joint configuration without changing a voter: here that takes no joint one. It
 *       is made by hand, so that leaving it can be compared.
 *   <li>"More than one voter changed without entering joint config": here every change of a voter
 *       enters one, so that it is checked that this does.
 *   <li>{@code autoleave}: a leader here always leaves by itself.
 * </ul>
 */
class ConfigurationChangeFilesTest {

  private static final int CASES = 58;
  private static final ChangeId ID = new ChangeId(1, 1);

  private Optional<Configuration> now = Optional.empty();
  private final TreeSet<Integer> voters = new TreeSet<>();
  private final TreeSet<Integer> learners = new TreeSet<>();

  @TestFactory
  Stream<DynamicTest> etcdsCasesGiveEtcdsConfigurations() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.exists(root.resolve("mvnw"))) {
      root = root.getParent();
    }
    Path folder =
        root.resolve(System.getProperty("raft.datadriven", "../shared/datadriven"))
            .resolve("confchange")
            .normalize();
    assumeTrue(
        Files.isDirectory(folder),
        () -> "etcd's data files are not in " + folder + "; -Draft.datadriven names their folder");
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        ConfigurationChangeFilesTest state = new ConfigurationChangeFilesTest();
        for (DataDriven.Case one : DataDriven.read(file)) {
          tests.add(DynamicTest.dynamicTest(one.where(), () -> state.run(one)));
        }
      }
    }
    assertThat(tests).hasSize(CASES);
    return tests.stream();
  }

  private void run(DataDriven.Case one) {
    String expected = one.expected().lines().findFirst().orElse("").replace(" autoleave", "");
    wish(one.input());
    switch (expected) {
      case "removed all voters", "can't make a zero-voter config joint" ->
          assertThat(voters.isEmpty() || now.isEmpty()).isTrue();
      case "config is already joint", "can't apply simple config change in joint config" ->
          assertThatThrownBy(() -> JointConsensus.begin(now.orElseThrow(), goal(), ID))
              .isInstanceOf(IllegalArgumentException.class);
      case "more than one voter changed without entering joint config" ->
          assertThat(joint().isJoint()).isTrue();
      case "can't leave a non-joint config" -> assertThatNothingIsLeft();
      default -> {
        now = Optional.of(step(one.command()));
        assertThat(shown(now.get())).isEqualTo(expected);
      }
    }
  }

  private void assertThatNothingIsLeft() {
    now.ifPresent(
        steady ->
            assertThatThrownBy(() -> JointConsensus.leave(steady))
                .isInstanceOf(IllegalArgumentException.class));
  }

  /** What the operations make of the configuration in effect, one after the other. */
  private void wish(List<String> lines) {
    voters.clear();
    learners.clear();
    now.ifPresent(
        present -> {
          voters.addAll(numbers(present.voters()));
          learners.addAll(numbers(present.learners()));
        });
    for (String operation : String.join(" ", lines).split(" ")) {
      int id = operation.isEmpty() ? 0 : Integer.parseInt(operation.substring(1));
      if (id != 0 && operation.charAt(0) != 'u') {
        voters.remove(id);
        learners.remove(id);
        if (operation.charAt(0) == 'v') {
          voters.add(id);
        } else if (operation.charAt(0) == 'l') {
          learners.add(id);
        }
      }
    }
  }

  private Goal goal() {
    return new Goal(members(voters), members(learners));
  }

  private Configuration step(String command) {
    if (now.isEmpty()) {
      return new Configuration(new ClusterId(1, 2), members(voters), List.of(), members(learners));
    }
    return switch (command) {
      case "leave-joint" -> JointConsensus.leave(now.get());
      case "enter-joint" -> joint();
      default -> {
        Configuration begun = joint();
        yield begun.outgoing().equals(begun.voters()) || !begun.isJoint()
            ? JointConsensus.begin(now.get(), goal(), ID)
            : JointConsensus.leave(begun);
      }
    };
  }

  /** The configuration in which the old voters and the new ones decide. */
  private Configuration joint() {
    Configuration begun = JointConsensus.begin(now.orElseThrow(), goal(), ID);
    if (begun.goal().isPresent()) {
      return JointConsensus.enter(begun);
    }
    return begun.isJoint()
        ? begun
        : new Configuration(begun.clusterId(), begun.voters(), begun.voters(), begun.learners());
  }

  private static List<Member> members(TreeSet<Integer> numbers) {
    return numbers.stream().map(CoreDriver::member).toList();
  }

  private static List<Integer> numbers(List<Member> members) {
    return members.stream()
        .map(member -> Integer.parseInt(member.id().value().substring(1)))
        .sorted()
        .toList();
  }

  private static String shown(Configuration configuration) {
    List<Integer> outgoing = numbers(configuration.outgoing());
    List<Integer> later = new ArrayList<>(numbers(configuration.learners()));
    List<Integer> already = new ArrayList<>(later);
    later.retainAll(outgoing);
    already.removeAll(outgoing);
    return "voters="
        + list(numbers(configuration.voters()))
        + (outgoing.isEmpty() ? "" : "&&" + list(outgoing))
        + (already.isEmpty() ? "" : " learners=" + list(already))
        + (later.isEmpty() ? "" : " learners_next=" + list(later));
  }

  private static String list(List<Integer> numbers) {
    return "(" + String.join(" ", numbers.stream().map(Integer::toHexString).toList()) + ")";
  }
}
