package dev.quorate.raft.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A storage with a fault fails the cases that are about it: a contract nobody fails proves nothing.
 */
class StorageContractTest {

  static Stream<Arguments> variants() {
    return Stream.of(
        variant(
            BrokenStorages.NewIncarnationEachTime.class,
            "theIncarnationIsThatOfTheFirstOpening",
            "theIncarnationIsDurableBeforeAnythingElse"),
        variant(
            BrokenStorages.ServesAnybody.class,
            "theDirectoryOfAnotherNodeOrClusterIsRefusedAndUnharmed"),
        variant(BrokenStorages.HasNoLock.class, "aDirectoryThatIsOpenIsRefusedAndTheHolderNamed"),
        variant(
            BrokenStorages.DoesNotForce.class,
            "whatWasForcedSurvivesAKill",
            "oneForceIsForAllGroups"),
        variant(BrokenStorages.ForgetsWhatItRemoved.class, "aRemovedGroupIsGoneAndDoesNotComeBack"),
        variant(BrokenStorages.IgnoresCase.class, "groupsWithSimilarNamesHaveLogsOfTheirOwn"),
        variant(BrokenStorages.TearsBatches.class, "whatAKillLeavesIsTheLogBehindSomeBatch"),
        variant(
            BrokenStorages.SwallowsWhatDoesNotFollow.class,
            "anEntryThatDoesNotFollowIsRefused",
            "aTruncationOutsideTheLogIsRefused",
            "aBatchOutOfSequenceIsRefused",
            "sequencesBeginAnewWhenALogIsOpened"),
        variant(BrokenStorages.KeepsTheFirstVoteOfATerm.class, "theLastHardStateCounts"),
        variant(
            BrokenStorages.ReadsLessThanAsked.class, "aReadStopsBehindTheEntryThatReachesTheLimit"),
        variant(BrokenStorages.RecoversThePresent.class, "whatWasRecoveredDoesNotChange"),
        variant(
            BrokenStorages.CompactsTooMuch.class,
            "aCompactionKeepsWhatIsBehindIt",
            "aLifeWithSnapshotsIsAlwaysWhatTheModelSays"),
        variant(
            BrokenStorages.InstallsOverALogThatHasIt.class,
            "anInstallKeepsWhatFollowsIt",
            "aLifeWithSnapshotsIsAlwaysWhatTheModelSays"),
        variant(BrokenStorages.ReceivesFromTheBeginning.class, "aCopyIsGoneOnWithWhereItWasLeft"),
        variant(BrokenStorages.BelievesWhatItReceives.class, "aCopyMustBeWhatWasAnnounced"),
        variant(BrokenStorages.ListsTheOldestFirst.class, "theNewestSnapshotIsTheFirst"));
  }

  private static Arguments variant(Class<?> broken, String... failing) {
    return Arguments.of(broken, Cases.names(failing));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aFaultFailsItsCases(Class<?> broken, Set<String> failing) {
    Cases cases = Cases.of(broken);
    assertThat(cases.failed()).containsAll(failing);
    assertThat(cases.passed()).hasSizeGreaterThan(cases.failed().size());
  }

  @Test
  void noCaseFailsWithoutAFault() {
    Cases cases = Cases.of(MemoryStorageContractTest.class);
    assertThat(cases.failed()).isEmpty();
    assertThat(cases.passed()).hasSizeGreaterThanOrEqualTo(63);
  }
}
