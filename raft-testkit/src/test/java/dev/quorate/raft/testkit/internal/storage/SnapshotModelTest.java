package dev.quorate.raft.testkit.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A snapshot may be missing after an error of the disk, and only as long as there is one. */
class SnapshotModelTest {

  private static final SnapshotId OLD = new SnapshotId(1, 10, 1, 0, 0);
  private static final SnapshotId NEW = new SnapshotId(1, 20, 1, 0, 0);

  private final SnapshotModel model = new SnapshotModel();

  @BeforeEach
  void make() {
    model.made(OLD);
    model.made(NEW);
  }

  private void assertRefused(List<SnapshotId> found, long errors) {
    assertThatThrownBy(() -> model.reopened(found, false, errors))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("I19");
  }

  @Test
  void withoutAnErrorNoneMayBeMissing() {
    model.reopened(List.of(NEW, OLD), false, 0);
    assertRefused(List.of(OLD), 0);
  }

  @Test
  void oneErrorExplainsThatOneIsMissing() {
    model.reopened(List.of(OLD), false, 1);
    assertThat(model.newestIndex()).isEqualTo(10);
    assertRefused(List.of(), 1);
  }

  @Test
  void whatWasNotReadIsThereTheNextTime() {
    model.reopened(List.of(OLD), false, 1);
    assertRefused(List.of(OLD), 0);
  }

  @Test
  void whatWasNotReadIsReadTheNextTime() {
    model.reopened(List.of(OLD), false, 1);
    model.reopened(List.of(NEW, OLD), false, 0);
    assertThat(model.newestIndex()).isEqualTo(20);
  }

  @Test
  void whatWasNotReadMayGoWithANewerOne() {
    model.reopened(List.of(NEW), false, 1);
    model.deleting(NEW);
    model.reopened(List.of(), false, 0);
  }

  @Test
  void whatWasNotReadStaysWhenAnOlderOneGoes() {
    model.reopened(List.of(OLD), false, 1);
    model.deleting(OLD);
    assertRefused(List.of(), 0);
  }
}
