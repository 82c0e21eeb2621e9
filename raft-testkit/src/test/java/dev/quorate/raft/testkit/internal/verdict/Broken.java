package dev.quorate.raft.testkit.internal.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a check must refuse. */
public final class Broken {

  private Broken() {}

  /** The check throws a violation of that invariant. */
  public static void breaks(String invariant, ThrowingCallable check) {
    assertThatThrownBy(check)
        .isInstanceOfSatisfying(
            Violation.class, it -> assertThat(it.invariant()).isEqualTo(invariant));
  }
}
