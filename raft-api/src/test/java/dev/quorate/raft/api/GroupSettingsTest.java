package dev.quorate.raft.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GroupSettingsTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final NodeId N2 = NodeId.of("n2");

  private static final GroupSettings SETTINGS =
      new GroupSettings(3, false, 10, 4, 1_000, Duration.ofMinutes(1), Map.of());

  @Test
  void whatIsDerivedDiffersInThatAloneAndNamesTheVersionFromWhichItIsDerived() {
    assertThat(SETTINGS.withLease(true))
        .isEqualTo(new GroupSettings(3, true, 10, 4, 1_000, Duration.ofMinutes(1), Map.of()));
    assertThat(SETTINGS.withMaxSessions(0))
        .isEqualTo(new GroupSettings(3, false, 0, 4, 1_000, Duration.ofMinutes(1), Map.of()));
    assertThat(SETTINGS.withMaxResults(5, 2_000))
        .isEqualTo(new GroupSettings(3, false, 10, 5, 2_000, Duration.ofMinutes(1), Map.of()));
    assertThat(SETTINGS.withSessionTimeout(Duration.ofSeconds(1)))
        .isEqualTo(new GroupSettings(3, false, 10, 4, 1_000, Duration.ofSeconds(1), Map.of()));
  }

  @Test
  void aPriorityIsSetReplacedAndTakenAway() {
    GroupSettings preferred = SETTINGS.withPriority(N1, 5).withPriority(N2, 1_000);
    assertThat(preferred.priorities()).containsExactly(Map.entry(N1, 5), Map.entry(N2, 1_000));
    assertThat(preferred.withLease(true).withMaxSessions(1).withMaxResults(1, 1).priorities())
        .isEqualTo(preferred.priorities());
    assertThat(preferred.withSessionTimeout(Duration.ofSeconds(1)).withPriority(N1, 6).priorities())
        .containsExactly(Map.entry(N1, 6), Map.entry(N2, 1_000));
    assertThat(preferred.withPriority(N1, 0).withPriority(N2, 0)).isEqualTo(SETTINGS);
    assertThatThrownBy(() -> preferred.priorities().put(N1, 7))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void whatIsOutOfBoundsIsNamed() {
    refuses(() -> SETTINGS.withPriority(N1, -1), "the priority of n1 is -1");
    refuses(() -> SETTINGS.withPriority(N1, 1_001), "from 1 to 1000");
    refuses(
        () -> new GroupSettings(0, false, 1, 1, 1, Duration.ofMinutes(1), Map.of()),
        "version is 0");
    refuses(() -> SETTINGS.withMaxSessions(-1), "maxSessions is -1");
    refuses(() -> SETTINGS.withMaxSessions(1_000_001), "from 0 to 1000000");
    refuses(() -> SETTINGS.withMaxResults(0, 1), "maxResults is 0");
    refuses(() -> SETTINGS.withMaxResults(1, 0), "maxResultBytes is 0");
    refuses(() -> SETTINGS.withSessionTimeout(Duration.ofMillis(999)), "PT0.999S");
    refuses(() -> SETTINGS.withSessionTimeout(Duration.ofDays(31)), "PT744H");
    refuses(() -> SETTINGS.withSessionTimeout(Duration.ofNanos(1_000_000_001)), "whole milli");
  }

  private static void refuses(ThrowingCallable call, String named) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
