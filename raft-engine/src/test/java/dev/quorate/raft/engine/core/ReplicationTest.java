package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.MILLI;
import static dev.quorate.raft.engine.core.CoreDriver.SETTINGS;
import static dev.quorate.raft.engine.core.CoreDriver.configuration;
import static dev.quorate.raft.engine.core.CoreDriver.entries;
import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static dev.quorate.raft.engine.core.CoreDriver.untimed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRejected;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReplicationTest {

  /** Keeps hardly anything in memory; a log read goes beyond the bound on a message. */
  private static final CoreSettings SMALL_CACHE =
      new CoreSettings(50 * MILLI, 300 * MILLI, 600 * MILLI, 950, 3_000, 5_000, 4, 1, 1_000_000);

  // The leader's side

  @Test
  @Tag("pitfall-19")
  void aNewLeaderProbesEverybodyWithItsNoOp() {
    CoreDriver n1 = CoreDriver.voters(3).stand().persist();
    n1.deliver("n2", new VoteResponse(1, false, true));
    for (String peer : n1.others()) {
      AppendRequest request = n1.takeOne(peer, AppendRequest.class);
      assertThat(request.prevIndex()).isEqualTo(1);
      assertThat(request.prevTerm()).isZero();
      assertThat(request.commitIndex()).isEqualTo(1);
      assertThat(request.entries())
          .extracting(LogEntry::type, LogEntry::index, LogEntry::term)
          .containsExactly(tuple(LogEntry.Type.NO_OP, 2L, 1L));
      assertThat(n1.progress(peer).state()).isEqualTo(PeerStatus.State.PROBING);
    }
  }

  @Test
  void entriesTravelWhileTheLeadersOwnDiskStillWritesThem() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    assertThat(n1.unforced()).hasSize(1);
    assertThat(indexes(n1.takeOne("n2", AppendRequest.class))).containsExactly(3L);
    assertThat(indexes(n1.takeOne("n3", AppendRequest.class))).containsExactly(3L);
  }

  @Test
  void aPeerThatIsProbedGetsOneRequestAtATime() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.command(1);
    n1.command(2);
    assertThat(n1.take("n2", AppendRequest.class)).isEmpty();
    n1.accept("n2", 2);
    assertThat(indexes(n1.takeOne("n2", AppendRequest.class))).containsExactly(3L, 4L);
    n1.command(3);
    assertThat(indexes(n1.takeOne("n2", AppendRequest.class))).containsExactly(5L);
    assertThat(n1.take("n3", AppendRequest.class)).isEmpty();
  }

  @Test
  @Tag("pitfall-20")
  void aMessageIsBoundedInBytesAndHoldsConsecutiveEntries() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    commands(n1, 35);
    n1.accept("n2", 2);
    List<AppendRequest> requests = n1.take("n2", AppendRequest.class);
    assertThat(requests).hasSize(3);
    long next = 3;
    for (AppendRequest request : requests) {
      assertThat(request.prevIndex()).isEqualTo(next - 1);
      assertThat(request.entries().stream().mapToLong(LogEntry::encodedLength).sum())
          .isEqualTo(1_000);
      assertThat(indexes(request))
          .containsExactlyElementsOf(LongStream.range(next, next + 10).boxed().toList());
      next += 10;
    }
  }

  @Test
  void anEntryLongerThanTheBoundTravelsAlone() {
    CoreSettings tiny =
        new CoreSettings(
            50 * MILLI, 300 * MILLI, 600 * MILLI, 10, 3_000, 5_000, 4, 1_000_000, 1_000_000);
    CoreDriver n1 = CoreDriver.voters(3, tiny).lead();
    commands(n1, 2);
    n1.accept("n2", 2);
    assertThat(n1.take("n2", AppendRequest.class))
        .extracting(ReplicationTest::indexes)
        .containsExactly(List.of(3L), List.of(4L));
  }

  @Test
  void noMoreThanTheWindowIsUnderWayAndAcknowledgementsOpenIt() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    commands(n1, 45);
    assertThat(indexes(n1.take("n2", AppendRequest.class)))
        .containsExactlyElementsOf(LongStream.rangeClosed(3, 32).boxed().toList());
    n1.accept("n2", 4);
    assertThat(indexes(n1.take("n2", AppendRequest.class)))
        .containsExactlyElementsOf(LongStream.rangeClosed(33, 42).boxed().toList());
    n1.accept("n2", 3);
    assertThat(n1.take("n2", AppendRequest.class)).isEmpty();
  }

  @Test
  void aRejectionIsAnsweredFromWhereTheLogsMayAgreeAWholeTermAtATime() {
    CoreDriver n1 = leaderOverThreeTerms();
    assertThat(n1.progress("n2").nextIndex()).isEqualTo(12);
    n1.deliver("n2", new AppendRejected(7, 11, 9, 4));
    AppendRequest probe = n1.takeOne("n2", AppendRequest.class);
    assertThat(probe.prevIndex()).isEqualTo(5);
    assertThat(probe.prevTerm()).isEqualTo(3);
    assertThat(indexes(probe)).startsWith(6L);
  }

  @Test
  void aRejectionWithoutAHintStillGoesBack() {
    CoreDriver n1 = leaderOverThreeTerms();
    for (long prev = 11; prev > 0; prev--) {
      n1.deliver("n2", new AppendRejected(7, prev, prev, n1.view().term()));
      assertThat(n1.takeOne("n2", AppendRequest.class).prevIndex()).isEqualTo(prev - 1);
    }
  }

  @Test
  void aLateRejectionIsIgnored() {
    CoreDriver n1 = leaderOverThreeTerms();
    n1.deliver("n2", new AppendRejected(7, 11, 5, 3));
    n1.forgetSent();
    n1.deliver("n2", new AppendRejected(7, 11, 5, 3));
    assertThat(n1.sent()).isEmpty();
    n1.accept("n2", 12);
    n1.forgetSent();
    n1.deliver("n2", new AppendRejected(7, 5, 2, 3));
    n1.deliver("n2", new AppendRejected(7, 11, 5, 3));
    assertThat(n1.sent()).isEmpty();
    assertThat(n1.progress("n2").state()).isEqualTo(PeerStatus.State.PIPELINING);
    assertThat(n1.progress("n2").nextIndex()).isEqualTo(13);
  }

  @Test
  @Tag("pitfall-17")
  void aRejectionNeverGoesBelowWhatMatches() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    commands(n1, 3);
    n1.forgetSent();
    n1.deliver("n2", new AppendRejected(1, 4, 0, 0));
    assertThat(n1.takeOne("n2", AppendRequest.class).prevIndex()).isEqualTo(2);
    assertThat(n1.progress("n2").matchIndex()).isEqualTo(2);
  }

  @Test
  void aLostProbeIsRepeatedWhenAHeartbeatIsAnsweredLaterThanPatienceAllows() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.deliver("n2", new HeartbeatResponse(1, 0, 1, 1, true));
    assertThat(n1.progress("n2").state()).isEqualTo(PeerStatus.State.PIPELINING);
    CoreDriver far = leaderOverThreeTerms();
    far.deliver("n2", new HeartbeatResponse(7, 0, 1, 1, true));
    far.pass(299);
    far.deliver("n2", new HeartbeatResponse(7, 0, 1, 1, true));
    assertThat(far.take("n2", AppendRequest.class)).isEmpty();
    far.pass(1);
    far.deliver("n2", new HeartbeatResponse(7, 0, 1, 1, true));
    assertThat(far.takeOne("n2", AppendRequest.class).prevIndex()).isEqualTo(11);
  }

  @Test
  void aLostAppendIsFoundByTheAnswerToAHeartbeatAndSentAgain() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.deliver("n2", new HeartbeatResponse(1, 1, 2, 2, true));
    n1.command(1);
    n1.forgetSent();
    n1.pass(299);
    n1.deliver("n2", new HeartbeatResponse(1, 1, 2, 2, true));
    assertThat(n1.take("n2", AppendRequest.class)).isEmpty();
    n1.pass(1);
    n1.deliver("n2", new HeartbeatResponse(1, 1, 2, 2, true));
    assertThat(indexes(n1.takeOne("n2", AppendRequest.class))).containsExactly(3L);
  }

  @Test
  void whatThePeerHasReceivedButNotForcedIsNotSentAgain() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.forgetSent();
    n1.pass(500);
    n1.deliver("n2", new HeartbeatResponse(1, 1, 3, 2, true));
    assertThat(n1.take("n2", AppendRequest.class)).isEmpty();
    assertThat(n1.progress("n2").matchIndex()).isEqualTo(2);
  }

  @Test
  void aLostAcknowledgementIsMadeUpForByTheAnswerToAHeartbeat() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.persist();
    n1.deliver("n2", new HeartbeatResponse(1, 1, 3, 3, true));
    assertThat(n1.view().commitIndex()).isEqualTo(3);
  }

  @Test
  void aPeersNewBootIsProbedFromWhatItHadForced() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    commands(n1, 3);
    n1.forgetSent();
    Peer rebooted = new Peer(NodeId.of("n2"), 102, 7);
    n1.deliver(rebooted, new HeartbeatResponse(1, 0, 1, 1, true));
    assertThat(n1.progress("n2").matchIndex()).isEqualTo(2);
    assertThat(indexes(n1.takeOne("n2", AppendRequest.class))).containsExactly(3L, 4L, 5L);
  }

  @Test
  void acknowledgementsOfAnotherDiskDoNotCount() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.deliver(new Peer(NodeId.of("n2"), 999, 7), new AppendAccepted(1, 2, false, true));
    n1.deliver(new Peer(NodeId.of("n2"), 999, 7), new HeartbeatResponse(1, 9, 2, 2, true));
    n1.deliver(new Peer(NodeId.of("n2"), 999, 7), new AppendRejected(1, 1, 0, 0));
    assertThat(n1.progress("n2").matchIndex()).isZero();
    assertThat(n1.view().commitIndex()).isEqualTo(1);
    assertThat(n1.view().wiped()).containsExactly(NodeId.of("n2"));
  }

  @Test
  void entriesThatAreNoLongerInMemoryComeFromTheDisk() {
    CoreDriver n1 = slowPeer();
    n1.deliver("n3", new AppendRejected(1, 1, 0, 0));
    assertThat(n1.take("n3", AppendRequest.class)).isEmpty();
    Effects.LogRead read = last(n1.logReads());
    assertThat(read.from()).isEqualTo(1);
    assertThat(read.maxBytes()).isEqualTo(950);
    n1.command(90);
    assertThat(last(n1.logReads())).as("asked once").isSameAs(read);
    n1.answerLogRead(read);
    assertThat(n1.takeOne("n3", AppendRequest.class).prevIndex()).isZero();
  }

  @Test
  void aSlowPeerCatchesUpFromTheDiskInBatches() {
    CoreDriver n1 = slowPeer();
    List<Long> received = new ArrayList<>();
    n1.accept("n3", 2);
    for (int i = 0; i < 20 && received.size() < 20; i++) {
      n1.answerLogRead(last(n1.logReads()));
      for (AppendRequest request : n1.take("n3", AppendRequest.class)) {
        assertThat(request.entries().stream().mapToInt(LogEntry::encodedLength).sum())
            .isLessThanOrEqualTo(950);
        received.addAll(indexes(request));
      }
    }
    assertThat(received).containsExactlyElementsOf(LongStream.rangeClosed(3, 22).boxed().toList());
  }

  @Test
  void theAnswerToAReadThatNobodyWaitsForAnyMoreChangesNothing() {
    CoreDriver n1 = slowPeer();
    n1.accept("n3", 2);
    Effects.LogRead abandoned = last(n1.logReads());
    n1.accept("n3", 22);
    n1.forgetSent();
    n1.answerLogRead(abandoned);
    assertThat(n1.take("n3", AppendRequest.class)).isEmpty();

    CoreDriver deposed = slowPeer();
    deposed.accept("n3", 2);
    deposed.follow("n2", 5);
    deposed.answerLogRead(last(deposed.logReads()));
    assertThat(deposed.sent()).isEmpty();
  }

  @Test
  void aReadThatFoundNothingIsAskedAgainAndAnUnknownOneIsADefect() {
    CoreDriver n1 = slowPeer();
    n1.accept("n3", 2);
    Effects.LogRead first = last(n1.logReads());
    n1.turn((core, now, out) -> core.onLogRead(first.token(), List.of()));
    assertThat(last(n1.logReads()).token()).isGreaterThan(first.token());
    assertThatThrownBy(() -> n1.answerLogRead(first)).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void aHeartbeatVouchesForNoMoreThanThePeerHas() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.persist();
    n1.accept("n2", 3);
    n1.forgetSent();
    n1.beat();
    Heartbeat toFast = n1.takeOne("n2", Heartbeat.class);
    assertThat(List.of(toFast.commitIndex(), toFast.matchIndex())).containsExactly(3L, 3L);
    Heartbeat toSlow = n1.takeOne("n3", Heartbeat.class);
    assertThat(List.of(toSlow.commitIndex(), toSlow.matchIndex())).containsExactly(2L, 2L);
  }

  @Test
  void clusterTimeGoesOnFromTheNewestStampWhateverTheWallClockSays() {
    LogEntry stamped = LogEntry.of(LogEntry.Type.NO_OP, 2, 1, 5_000, 9, ByteBuffer.allocate(0));
    CoreDriver n1 =
        CoreDriver.recovered(configuration(3), SETTINGS, HardState.withoutVote(1), stamped).lead();
    n1.accept("n2", 3);
    n1.forgetSent();
    n1.pass(70);
    n1.command(1);
    LogEntry sent = n1.takeOne("n2", AppendRequest.class).entries().get(0);
    assertThat(sent.clusterTimeMillis()).isEqualTo(5_070);
    assertThat(sent.wallTimeMillis()).isEqualTo(n1.now().wallMillis());
  }

  // The follower's side

  @Test
  void anAcknowledgementWaitsForTheForce() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entries(2, 3, 1));
    assertThat(n1.sent()).isEmpty();
    n1.persist();
    assertThat(n1.takeOne("n2", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(1, 3, false, true));
  }

  @Test
  void aRepeatedRequestIsAcknowledgedOnlyAfterTheForceOfTheFirst() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entries(2, 3, 1));
    n1.append("n2", 1, 1, 0, 1, entries(2, 3, 1));
    assertThat(n1.unforced()).hasSize(1);
    assertThat(n1.sent()).isEmpty();
    n1.persist();
    assertThat(n1.take("n2", AppendAccepted.class)).hasSize(2);
    n1.append("n2", 1, 1, 0, 1, entries(2, 3, 1));
    assertThat(n1.takeOne("n2", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(1, 3, false, true));
  }

  @Test
  @Tag("pitfall-17")
  void anAcknowledgementGoesNoFurtherThanItsRequest() {
    CoreDriver n1 = followerWith(entries(2, 6, 1)).follow("n2", 2);
    n1.append("n2", 2, 1, 0, 1, entries(2, 3, 1));
    assertThat(n1.takeOne("n2", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(2, 3, false, true));
    n1.append("n2", 2, 1, 0, 1);
    assertThat(n1.takeOne("n2", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(2, 1, false, true));
    n1.heartbeat("n2", 2, 1, 0, 2);
    assertThat(untimed(n1.takeOne("n2", HeartbeatResponse.class)))
        .isEqualTo(new HeartbeatResponse(2, 2, 3, 3, true));
  }

  @Test
  @Tag("pitfall-18")
  void aLateShorterRequestTruncatesNothing() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entries(2, 6, 1));
    n1.persist();
    n1.append("n2", 1, 1, 0, 1, entries(2, 3, 1));
    n1.append("n2", 1, 2, 1, 1);
    assertThat(n1.view().lastIndex()).isEqualTo(6);
    assertThat(n1.unforced()).isEmpty();
  }

  @Test
  void onlyWhatDiffersIsTruncatedAndWrittenAnewInOneWrite() {
    CoreDriver n1 = followerWith(entries(2, 6, 1)).follow("n2", 2);
    n1.append("n2", 2, 2, 1, 1, entry(3, 1), entry(4, 2), entry(5, 2));
    assertThat(n1.view().lastIndex()).isEqualTo(5);
    assertThat(n1.view().durableIndex()).isEqualTo(3);
    assertThat(n1.unforced()).hasSize(1);
    assertThat(n1.unforced().get(0).records())
        .containsExactly(
            new WriteRecord.Truncate(4), new WriteRecord.Append(Arrays.asList(entries(4, 5, 2))));
    assertThat(n1.sent()).isEmpty();
    n1.persist();
    assertThat(n1.takeOne("n2", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(2, 5, false, true));
  }

  @Test
  void theForceOfAnOverwrittenEntryIsNoForceOfTheNewOne() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entries(2, 3, 1));
    n1.append("n3", 2, 1, 0, 1, entries(2, 3, 2));
    assertThat(n1.unforced()).hasSize(2);
    assertThat(n1.unforced().get(1).sequence()).isEqualTo(n1.unforced().get(0).sequence() + 1);
    n1.persistNext();
    assertThat(n1.view().durableIndex()).isEqualTo(1);
    assertThat(n1.take("n3", AppendAccepted.class)).isEmpty();
    n1.persistNext();
    assertThat(n1.view().durableIndex()).isEqualTo(3);
    assertThat(n1.takeOne("n3", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(2, 3, false, true));
  }

  @Test
  @Tag("pitfall-22")
  void anEntryThatCameGoneAndCameAgainIsDurableOnlyByItsLastWrite() {
    CoreDriver n1 = CoreDriver.voters(5).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entry(2, 1));
    n1.append("n3", 2, 1, 0, 1, entry(2, 2));
    n1.append("n4", 3, 1, 0, 1, entry(2, 1));
    n1.persistNext();
    n1.persistNext();
    assertThat(n1.view().durableIndex()).isEqualTo(1);
    assertThat(n1.take("n4", AppendAccepted.class)).isEmpty();
    n1.heartbeat("n4", 3, 1, 0, 1);
    n1.persistNext();
    assertThat(n1.takeOne("n4", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(3, 2, false, true));
    assertThat(untimed(n1.takeOne("n4", HeartbeatResponse.class)))
        .as("was true when it was said")
        .isEqualTo(new HeartbeatResponse(3, 1, 2, 1, true));
  }

  @Test
  void aRejectionHintsWhereTheLogsMayAgreeAndSkipsTerms() {
    LogEntry[] log = new LogEntry[10];
    System.arraycopy(entries(2, 5, 1), 0, log, 0, 4);
    System.arraycopy(entries(6, 9, 4), 0, log, 4, 4);
    System.arraycopy(entries(10, 11, 5), 0, log, 8, 2);
    CoreDriver n1 = followerWith(log).follow("n2", 6);
    n1.append("n2", 6, 30, 6, 1);
    n1.append("n2", 6, 30, 4, 1);
    n1.append("n2", 6, 9, 3, 1);
    n1.append("n2", 6, 3, 0, 1);
    assertThat(n1.take("n2", AppendRejected.class))
        .containsExactly(
            new AppendRejected(6, 30, 11, 5),
            new AppendRejected(6, 30, 9, 4),
            new AppendRejected(6, 9, 5, 1),
            new AppendRejected(6, 3, 1, 0));
    assertThat(n1.unforced()).isEmpty();
    assertThat(n1.view().lastIndex()).isEqualTo(11);
  }

  @Test
  @Tag("pitfall-23")
  void aLeaderAndAFollowerFarApartAgreeAfterFewProbes() {
    LogEntry[] leaders = new LogEntry[40];
    LogEntry[] followers = new LogEntry[40];
    for (int i = 0; i < 40; i++) {
      leaders[i] = entry(i + 2, 1 + i / 10 * 2);
      followers[i] = entry(i + 2, i < 15 ? leaders[i].term() : 4 + i / 10 * 2);
    }
    CoreDriver n1 =
        CoreDriver.recovered(configuration(3), SETTINGS, HardState.withoutVote(20), leaders);
    n1.lead();
    CoreDriver n2 =
        CoreDriver.recovered(configuration(3), SETTINGS, HardState.withoutVote(20), followers);
    n2.follow("n2", n1.view().term());
    n1.deliver("n2", new HeartbeatResponse(n1.view().term(), 0, 1, 1, true));
    n1.pass(300);
    n1.deliver("n2", new HeartbeatResponse(n1.view().term(), 0, 1, 1, true));
    int probes = 0;
    for (int turn = 0; turn < 20; turn++) {
      for (AppendRequest request : n1.take("n2", AppendRequest.class)) {
        n2.deliver("n2", request);
        n2.persist();
        probes++;
      }
      n2.take("n2", AppendRejected.class).forEach(answer -> n1.deliver("n2", answer));
      n2.take("n2", AppendAccepted.class).forEach(answer -> n1.deliver("n2", answer));
      assertThat(probes).isLessThan(12);
    }
    assertThat(n1.progress("n2").matchIndex()).isEqualTo(n1.view().lastIndex());
    assertThat(n2.view().lastIndex()).isEqualTo(n1.view().lastIndex());
  }

  @Test
  void aRequestBelowWhatIsCommittedIsNoQuestion() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 5, entries(2, 5, 1));
    n1.persist();
    n1.forgetSent();
    n1.append("n2", 1, 2, 1, 1, entries(3, 6, 1));
    n1.persist();
    assertThat(n1.takeOne("n2", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(1, 6, false, true));
  }

  @Test
  void whatIsCommittedIsNeverTruncated() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 3, entries(2, 3, 1));
    assertThatThrownBy(() -> n1.append("n3", 2, 1, 0, 1, entries(2, 3, 2)))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("entry 2 is to be truncated, but 3 is committed");
  }

  @Test
  void anAnswerToAHeartbeatDoesNotWaitForEntriesAndSaysWhatIsDurable() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entries(2, 4, 1));
    n1.heartbeat("n2", 1, 1, 1, 8);
    assertThat(untimed(n1.takeOne("n2", HeartbeatResponse.class)))
        .isEqualTo(new HeartbeatResponse(1, 8, 4, 1, true));
    assertThat(n1.take("n2", AppendAccepted.class)).isEmpty();
  }

  @Test
  void anAnswerToAHeartbeatVouchesForNothingThatThisLeaderHasNotVerified() {
    CoreDriver n1 = followerWith(entries(2, 6, 1)).follow("n2", 2);
    n1.heartbeat("n2", 2, 1, 0, 2);
    assertThat(untimed(n1.takeOne("n2", HeartbeatResponse.class)))
        .isEqualTo(new HeartbeatResponse(2, 2, 1, 1, true));
  }

  /**
   * n1 has 2 to 6 of n2's term 1, stands in term 2 and loses against n3, whose log differs from 2
   * on: what equalled n2's log says nothing of n3's.
   */
  @Test
  void aLostCandidacyLeavesNothingVerified() {
    CoreDriver n1 = CoreDriver.voters(5).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entries(2, 6, 1));
    n1.persist();
    n1.stand().persist();
    n1.forgetSent();
    n1.heartbeat("n3", 2, 1, 0, 1);
    assertThat(untimed(n1.takeOne("n3", HeartbeatResponse.class)))
        .isEqualTo(new HeartbeatResponse(2, 1, 1, 1, true));
  }

  @Test
  @Tag("pitfall-21")
  void aDiskThatWasSetBackTakesNoPartAndSaysHowToMendIt() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entries(2, 4, 1));
    assertThatThrownBy(() -> n1.heartbeat("n2", 1, 1, 5, 2))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("acknowledgement of index 5, but its log ends at 4")
        .hasMessageContaining("Wipe this node's data and let it be added again");
  }

  private static CoreDriver followerWith(LogEntry... entries) {
    return CoreDriver.recovered(
        configuration(3),
        SETTINGS,
        HardState.withoutVote(entries[entries.length - 1].term()),
        entries);
  }

  /** Leads term 7 from index 12, over 2 to 5 of term 3 and 6 to 11 of term 6. */
  private static CoreDriver leaderOverThreeTerms() {
    LogEntry[] log = new LogEntry[10];
    System.arraycopy(entries(2, 5, 3), 0, log, 0, 4);
    System.arraycopy(entries(6, 11, 6), 0, log, 4, 6);
    CoreDriver n1 =
        CoreDriver.recovered(configuration(3), SETTINGS, HardState.withoutVote(6), log).lead();
    assertThat(n1.view().term()).isEqualTo(7);
    return n1;
  }

  /** Leads with 2 to 22 durable here and on n2, all but the last out of memory; n3 is silent. */
  private static CoreDriver slowPeer() {
    CoreDriver n1 = CoreDriver.voters(3, SMALL_CACHE).lead();
    n1.accept("n2", 2);
    for (int i = 0; i < 20; i++) {
      n1.command(i);
      n1.persist();
      n1.accept("n2", 3 + i);
    }
    n1.forgetSent();
    n1.holdLogReads();
    return n1;
  }

  private static void commands(CoreDriver n1, int count) {
    for (int i = 0; i < count; i++) {
      n1.command(i);
    }
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  private static List<Long> indexes(AppendRequest request) {
    return request.entries().stream().map(LogEntry::index).toList();
  }

  private static List<Long> indexes(List<AppendRequest> requests) {
    return requests.stream().flatMap(request -> indexes(request).stream()).toList();
  }
}
