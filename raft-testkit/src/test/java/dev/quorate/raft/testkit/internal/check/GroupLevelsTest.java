package dev.quorate.raft.testkit.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.List;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rule P18. That no configuration is above a member of it is the configuration's own rule, too. */
class GroupLevelsTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final NodeId N2 = NodeId.of("n2");

  private final GroupLevels levels = new GroupLevels();

  private static Configuration of(int level, int n1, int n2) {
    Address somewhere = new Address("host", 7000);
    return Configuration.ofVoters(
        new ClusterId(1, 1),
        level,
        List.of(new Member(N1, 1, somewhere, n1), new Member(N2, 1, somewhere, n2)));
  }

  private static TreeMap<Long, Configuration> log(Configuration... configurations) {
    TreeMap<Long, Configuration> log = new TreeMap<>();
    for (Configuration configuration : configurations) {
      log.put(1L + 10 * log.size(), configuration);
    }
    return log;
  }

  private static void breaks(ThrowingCallable check) {
    assertThatThrownBy(check)
        .isInstanceOfSatisfying(Violation.class, it -> assertThat(it.invariant()).isEqualTo("P18"));
  }

  @BeforeEach
  void bothWereOfLevelTwoOnce() {
    levels.runs(N1, 2);
    levels.runs(N2, 2);
    levels.runs(N2, 1);
  }

  @Test
  void itRisesAndDoesNotFall() {
    levels.stored(N1, log(of(1, 1, 1), of(1, 2, 1), of(1, 2, 2), of(2, 2, 2), of(2, 2, 2)));
    breaks(() -> levels.stored(N2, log(of(1, 2, 2), of(2, 2, 2), of(1, 2, 2))));
  }

  @Test
  void nobodyIsSaidToSupportWhatItNeverDid() {
    levels.stored(N1, log(of(1, 2, 2), of(1, 2, 1)));
    breaks(() -> levels.stored(N1, log(of(1, 2, 2), of(1, 3, 2))));
  }

  @Test
  void aProcessAppliesNothingFromAboveItsVersion() {
    TreeMap<Long, Configuration> log = log(of(1, 2, 2), of(2, 2, 2));
    levels.applied(N1, 11, log);
    levels.applied(N2, 10, log);
    breaks(() -> levels.applied(N2, 11, log));
    levels.runs(N2, 3);
    levels.applied(N2, 12, log);
  }
}
