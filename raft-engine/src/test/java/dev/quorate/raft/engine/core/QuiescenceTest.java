package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.MILLI;
import static dev.quorate.raft.engine.core.CoreDriver.configurationEntry;
import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Quiet;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A member alone, between resting and waking; the numbers are those of decision 13. */
class QuiescenceTest {

  private static final Peer LEADER = CoreDriver.peer("n2");

  private final CoreDriver driver = CoreDriver.voters(3);

  private Optional<Quiet> offer() {
    Optional<?>[] found = new Optional<?>[1];
    driver.turn((core, now, out) -> found[0] = core.quiescence().offer(now));
    return found[0].map(Quiet.class::cast);
  }

  private boolean rest(Peer leader, long term, long index) {
    boolean[] rests = new boolean[1];
    driver.turn(
        (core, now, out) -> rests[0] = core.quiescence().rest(leader, new Quiet(term, index), now));
    return rests[0];
  }

  private void wakeUp() {
    driver.turn((core, now, out) -> core.quiescence().wake(now));
  }

  private void heard(Peer host, long nanos) {
    driver.turn((core, now, out) -> core.quiescence().heard(host, nanos));
  }

  private boolean rests() {
    boolean[] rests = new boolean[1];
    driver.turn((core, now, out) -> rests[0] = core.quiescence().resting().isPresent());
    return rests[0];
  }

  /** Leads with everything everywhere, and rests. */
  private void restAsLeader() {
    driver.leadAll();
    driver.beat();
    driver.answerHeartbeats("n2", "n3");
    Quiet quiet = offer().orElseThrow();
    assertThat(rest(driver.self(), quiet.term(), quiet.index())).isTrue();
    driver.forgetSent();
  }

  /** Follows n2 in term 1 with one entry, and rests. */
  private void restAsFollower() {
    driver.follow("n2", 1);
    driver.append("n2", 1, 1, 0, 2, entry(2, 1));
    driver.persist();
    driver.heartbeat("n2", 1, 2, 2, 2);
    assertThat(rest(LEADER, 1, 2)).isTrue();
    driver.forgetSent();
  }

  @Test
  void whoRestsSendsNothingAndWantsNoTimer() {
    restAsLeader();
    for (int i = 0; i < 100; i++) {
      driver.pass(500);
      driver.turn(
          (core, now, out) -> {
            core.quiescence().heard(LEADER, now.nanos());
            core.quiescence().heard(CoreDriver.peer("n3"), now.nanos());
            core.onWakeUp(now, out);
          });
    }
    assertThat(driver.sent()).isEmpty();
    assertThat(driver.nextWakeUp()).isEqualTo(Long.MAX_VALUE);
    assertThat(driver.view().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void aLeaderThatHandedOverInVainRestsAgain() {
    driver.leadAll();
    driver.transfer(1, "n2", 100);
    driver.wakeAfter(200);
    driver.beat();
    driver.answerHeartbeats("n2", "n3");
    Quiet quiet = offer().orElseThrow();
    assertThat(rest(driver.self(), quiet.term(), quiet.index())).isTrue();
    long term = quiet.term() + 1;
    driver.deliver("n2", new VoteRequest(term, false, true, quiet.index(), quiet.term()));
    assertThat(rests()).isFalse();
    assertThat(driver.view().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  void aFollowerThatRestsWaitsForItsHost() {
    restAsFollower();
    driver.wakeAfter(100_000);
    assertThat(driver.sent()).isEmpty();
    assertThat(driver.nextWakeUp()).isEqualTo(Long.MAX_VALUE);
    assertThat(driver.view().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  void aLeaderOffersToRestOnlyWhenAllHaveAllAndKnowIt() {
    driver.lead();
    assertThat(offer()).isEmpty();
    driver.accept("n2", driver.view().lastIndex());
    assertThat(offer()).as("n3 lacks the last entry").isEmpty();
    driver.accept("n3", driver.view().lastIndex());
    assertThat(offer()).contains(new Quiet(1, 2));
    driver.command(7);
    assertThat(offer()).as("a command is on its way").isEmpty();
  }

  @Test
  void aLeaderOffersNothingWithWhatWaitsForHeartbeats() {
    driver.leadAll();
    driver.deliver("n3", new HeartbeatResponse(1, 0, 2, 2, false));
    assertThat(offer()).as("n3 has no space, and would say when it has").isEmpty();
    driver.deliver("n3", new HeartbeatResponse(1, 0, 2, 2, true));
    driver.read(1);
    assertThat(offer()).as("a read waits").isEmpty();
  }

  @Test
  void withLeasesNobodyRests() {
    driver.leadAll();
    driver.turn((core, now, out) -> core.onSettings(new ClusterSettings(1, 1, 1, 1, 1_000, true)));
    assertThat(offer()).isEmpty();
  }

  @Test
  void aFollowerRestsOnlyWithExactlyWhatTheLeaderHas() {
    driver.follow("n2", 1);
    driver.append("n2", 1, 1, 0, 1, entry(2, 1));
    assertThat(rest(LEADER, 1, 2)).as("not durable").isFalse();
    driver.persist();
    assertThat(rest(LEADER, 1, 2)).as("not known to be committed").isFalse();
    driver.heartbeat("n2", 1, 2, 2, 2);
    assertThat(rest(LEADER, 1, 3)).as("less than the leader has").isFalse();
    assertThat(rest(LEADER, 2, 2)).as("another term").isFalse();
    assertThat(rest(CoreDriver.peer("n3"), 1, 2)).as("another leader").isFalse();
    Peer otherBoot = new Peer(LEADER.id(), LEADER.incarnation(), LEADER.boot() + 1);
    assertThat(rest(otherBoot, 1, 2)).as("another boot of the leader").isFalse();
    assertThat(rest(LEADER, 1, 2)).isTrue();
  }

  /** Schedule 1: whoever was not reached stands, and is answered by the leader's heartbeats. */
  @Test
  void whoHasAnotherLevelToDeclareDoesNotRest() {
    restAsFollower();
    driver.turn((core, now, out) -> core.supports(2));
    assertThat(rests()).as("its configuration names another level").isFalse();
    assertThat(rest(LEADER, 1, 2)).isFalse();
    driver.append("n2", 1, 2, 1, 3, configurationEntry(3, 1, declared("n1", 2)));
    driver.persist();
    driver.heartbeat("n2", 1, 3, 3, 3);
    assertThat(rest(LEADER, 1, 3)).isTrue();
  }

  private Configuration declared(String node, int level) {
    Configuration present = driver.view().configuration();
    return present.withLevels(
        1, member -> member.id().value().equals(node) ? member.withLevel(level) : member);
  }

  @Test
  void aLeaderWakesWhenSomebodyAsksForVotes() {
    restAsLeader();
    driver.deliver("n3", new VoteRequest(2, true, false, 2, 1));
    assertThat(rests()).isFalse();
    assertThat(driver.takeOne("n3", VoteResponse.class).granted()).isFalse();
    assertThat(driver.take("n3", Heartbeat.class)).hasSize(1);
  }

  @Test
  void theLastHeartbeatsAndTheirAnswersWakeNobody() {
    restAsLeader();
    driver.deliver("n2", new HeartbeatResponse(1, 1, 2, 2, true));
    driver.deliver("n3", new AppendAccepted(1, 2, false, true));
    assertThat(rests()).isTrue();
  }

  @Test
  void aLateHeartbeatWakesNoFollower() {
    restAsFollower();
    driver.heartbeat("n2", 1, 2, 2, 3);
    assertThat(driver.take("n2", HeartbeatResponse.class)).hasSize(1);
    assertThat(rests()).isTrue();
    driver.heartbeat("n3", 2, 2, 2, 1);
    assertThat(rests()).as("another leader").isFalse();
  }

  /** Schedule 2: with the leader's boot ends what was heard of it. */
  @Test
  void anotherBootOfTheLeaderIsNotHeard() {
    restAsFollower();
    driver.pass(10_000);
    Peer otherBoot = new Peer(LEADER.id(), LEADER.incarnation(), LEADER.boot() + 1);
    heard(otherBoot, driver.now().nanos());
    wakeUp();
    assertThat(driver.nextWakeUp()).isLessThanOrEqualTo(driver.now().nanos() + 10 * MILLI);
    driver.wake();
    assertThat(driver.take("n3", VoteRequest.class)).hasSize(1);
  }

  /** Schedule 3: who is not asked to rest any more has an election timeout from then on. */
  @Test
  void aFollowersTimerRunsFromWhenItsLeadersHostWasHeard() {
    restAsFollower();
    driver.pass(10_000);
    heard(LEADER, driver.now().nanos() - 100 * MILLI);
    wakeUp();
    assertThat(driver.nextWakeUp() - driver.now().nanos()).isBetween(200 * MILLI, 500 * MILLI);
    driver.wake();
    assertThat(driver.take("n3", VoteRequest.class)).hasSize(1);
  }

  /** Schedule 4: a leader that was not answered leads no longer than one that does not rest. */
  @Test
  void aLeaderWithoutAnswersStepsDown() {
    restAsLeader();
    driver.pass(601);
    wakeUp();
    driver.wakeAfter(50);
    assertThat(driver.view().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  void aLeaderThatWasAnsweredForStaysOne() {
    restAsLeader();
    driver.pass(10_000);
    heard(LEADER, driver.now().nanos() - 200 * MILLI);
    wakeUp();
    assertThat(driver.take("n3", Heartbeat.class)).hasSize(1);
    driver.wakeAfter(50);
    assertThat(driver.view().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void answersOfAnotherBootAreNoAnswers() {
    restAsLeader();
    driver.pass(10_000);
    heard(new Peer(LEADER.id(), LEADER.incarnation(), 1), driver.now().nanos());
    wakeUp();
    driver.wakeAfter(50);
    assertThat(driver.view().role()).isEqualTo(Role.FOLLOWER);
  }

  /**
   * Schedule 5: whatever a leader believes, a read waits for a round that is sent after it came.
   */
  @Test
  void aReadIsNotAnsweredFromSleep() {
    restAsLeader();
    heard(LEADER, driver.now().nanos());
    driver.read(1);
    assertThat(rests()).isFalse();
    assertThat(driver.takeCompletions()).isEmpty();
    driver.answerHeartbeats("n2");
    assertThat(driver.takeCompletions()).hasSize(1);
  }

  @Test
  void aReadOfOldStateWakes() {
    restAsFollower();
    driver.read(1, ReadConsistency.stale(Duration.ofSeconds(1)));
    assertThat(rests()).isFalse();
  }

  /** Schedule 6: a command wakes the leader, which repeats itself until it is there. */
  @Test
  void aCommandWakesTheLeader() {
    restAsLeader();
    driver.command(7);
    assertThat(rests()).isFalse();
    assertThat(driver.take("n2", AppendRequest.class)).hasSize(1);
    assertThat(driver.take("n2", Heartbeat.class)).hasSize(1);
    driver.beat();
    assertThat(driver.take("n2", Heartbeat.class)).hasSize(1);
  }

  @Test
  void anEntryWakesAFollower() {
    restAsFollower();
    driver.append("n2", 1, 2, 1, 2, entry(3, 1));
    assertThat(rests()).isFalse();
    assertThat(driver.nextWakeUp() - driver.now().nanos()).isBetween(300 * MILLI, 600 * MILLI);
  }

  /** Who hears the leader's host elects nobody else, and who does not, does. */
  @Test
  void aFollowerSticksToALeaderWhoseHostItHears() {
    restAsFollower();
    driver.pass(10_000);
    heard(LEADER, driver.now().nanos() - 100 * MILLI);
    driver.deliver("n3", new VoteRequest(2, true, false, 2, 1));
    assertThat(driver.takeOne("n3", VoteResponse.class).granted()).isFalse();
    driver.pass(201);
    driver.deliver("n3", new VoteRequest(2, true, false, 2, 1));
    assertThat(driver.takeOne("n3", VoteResponse.class).granted()).isTrue();
  }

  @Test
  void aFullDiskAndALostLeaderWake() {
    restAsFollower();
    driver.turn((core, now, out) -> core.onSpace(false, now, out));
    assertThat(rests()).isFalse();
    driver.turn((core, now, out) -> core.onSpace(true, now, out));
    assertThat(rest(LEADER, 1, 2)).isTrue();
    driver.turn((core, now, out) -> core.onPeerGone(LEADER.id(), now, out));
    assertThat(rests()).isFalse();
    assertThat(driver.nextWakeUp()).isLessThanOrEqualTo(driver.now().nanos() + 10 * MILLI);
  }

  /** Schedule 7: an election that has to wait is due again a little later. */
  @Test
  void anElectionCanBePutOff() {
    driver.follow("n2", 1);
    driver.pass(601);
    driver.turn(
        (core, now, out) -> {
          assertThat(core.quiescence().isElectionDue(now)).isTrue();
          core.quiescence().postponeElection(now);
        });
    assertThat(driver.nextWakeUp() - driver.now().nanos()).isBetween(0L, 10 * MILLI);
    driver.wake();
    assertThat(driver.take("n3", VoteRequest.class)).hasSize(1);
  }

  @Test
  void aSnapshotThatIsDueByTimeIsTakenAtRest() {
    driver.snapshots(new SnapshotSettings(0, 0, 5_000 * MILLI, 0, 0));
    restAsFollower();
    assertThat(driver.nextWakeUp() - driver.now().nanos()).isBetween(1L, 5_000 * MILLI);
    driver.wake();
    assertThat(driver.takeSnapshotTasks()).hasSize(1);
  }
}
