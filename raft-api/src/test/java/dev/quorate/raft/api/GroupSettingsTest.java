package dev.quorate.raft.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GroupSettingsTest {

  private static final GroupSettings SETTINGS =
      new GroupSettings(3, false, 10, 4, 1_000, Duration.ofMinutes(1));

  @Test
  void whatIsDerivedDiffersInThatAloneAndNamesTheVersionFromWhichItIsDerived() {
    assertThat(SETTINGS.withLease(true))
        .isEqualTo(new GroupSettings(3, true, 10, 4, 1_000, Duration.ofMinutes(1)));
    assertThat(SETTINGS.withMaxSessions(0))
        .isEqualTo(new GroupSettings(3, false, 0, 4, 1_000, Duration.ofMinutes(1)));
    assertThat(SETTINGS.withMaxResults(5, 2_000))
        .isEqualTo(new GroupSettings(3, false, 10, 5, 2_000, Duration.ofMinutes(1)));
    assertThat(SETTINGS.withSessionTimeout(Duration.ofSeconds(1)))
        .isEqualTo(new GroupSettings(3, false, 10, 4, 1_000, Duration.ofSeconds(1)));
  }

  @Test
  void whatIsOutOfBoundsIsNamed() {
    refuses(() -> new GroupSettings(0, false, 1, 1, 1, Duration.ofMinutes(1)), "version is 0");
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
