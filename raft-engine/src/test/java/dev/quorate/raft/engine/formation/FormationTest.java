package dev.quorate.raft.engine.formation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.core.Time;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.FormationAnswer;
import dev.quorate.raft.engine.message.Message.FormationProbe;
import dev.quorate.raft.engine.message.Peer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FormationTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final NodeId N2 = NodeId.of("n2");
  private static final NodeId N3 = NodeId.of("n3");
  private static final List<ListedNode> LIST = List.of(listed(N1), listed(N2), listed(N3));
  private static final Peer P1 = new Peer(N1, 11, 101);
  private static final Peer P2 = new Peer(N2, 12, 102);
  private static final Peer P3 = new Peer(N3, 13, 103);
  private static final long MILLI = 1_000_000;
  private static final Message FRESH = new FormationAnswer(Optional.empty());

  private static FormationProbe probe(NodeId from) {
    return new FormationProbe(List.of(N1, N2, N3), listed(from).address());
  }

  private final Effects effects = new Effects();
  private long nowMillis;

  private static ListedNode listed(NodeId id) {
    return new ListedNode(id, new Address("host-" + id, 7001));
  }

  private Time now() {
    return new Time(nowMillis * MILLI, nowMillis);
  }

  private Formation formation(Peer self) {
    return new Formation(self, LIST, new SplittableRandom(1), now());
  }

  /** Feeds one message and ends the turn. */
  private void hear(Formation formation, Peer from, Message message) {
    effects.clear();
    formation.onMessage(from, message, now(), effects);
    formation.endTurn(now(), effects);
  }

  private void wake(Formation formation) {
    effects.clear();
    formation.onWakeUp(now(), effects);
    formation.endTurn(now(), effects);
  }

  private Optional<LogEntry> written() {
    return effects
        .write()
        .map(WriteBatch::records)
        .map(records -> ((WriteRecord.Append) records.get(0)).entries().get(0));
  }

  private static Configuration configuration(LogEntry record) {
    try {
      return ConfigurationCodec.decode(record.payload());
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  /** The record that n1 founds a cluster with when the others have these disks. */
  private LogEntry record(Peer first, Peer second, Peer third) {
    Formation founder = formation(first);
    hear(founder, second, FRESH);
    hear(founder, third, FRESH);
    LogEntry record = written().orElseThrow();
    effects.clear();
    return record;
  }

  @Test
  void aFreshNodeProbesAllOthersAgainAndAgain() {
    Formation formation = formation(P2);
    assertThat(formation.nextWakeUp()).isEqualTo(now().nanos());
    wake(formation);
    Effects.Send first = new Effects.Send(N1, 0, probe(N2), Effects.AT_ONCE);
    Effects.Send second = new Effects.Send(N3, 0, probe(N2), Effects.AT_ONCE);
    assertThat(effects.sends()).containsExactly(first, second);
    assertThat(formation.nextWakeUp()).isBetween(150 * MILLI, 250 * MILLI);
    nowMillis = 250;
    wake(formation);
    assertThat(effects.sends()).containsExactly(first, second);
  }

  @Test
  void aFreshNodeAnswersThatItIsFresh() {
    hear(formation(P2), P3, probe(N3));
    assertThat(effects.sends()).containsExactly(new Effects.Send(N3, 13, FRESH, Effects.AT_ONCE));
  }

  @Test
  void aNodeWithAnotherListIsNotAnsweredAndSaidSo() {
    Formation formation = formation(P2);
    hear(formation, P3, new FormationProbe(List.of(N3, N2), new Address("host-n3", 7001)));
    assertThat(effects.sends()).isEmpty();
    assertThat(((NodeCondition.Forming) formation.condition()).hindrance())
        .contains("n3 was started with the list [n3, n2], this node with [n1, n2, n3]");
    hear(formation, P3, probe(N3));
    assertThat(effects.sends()).hasSize(1);
    assertThat(((NodeCondition.Forming) formation.condition()).hindrance()).isEmpty();
  }

  @Test
  void theFirstFoundsTheClusterWhenAllHaveAnswered() {
    Formation formation = formation(P1);
    hear(formation, P2, FRESH);
    hear(formation, P2, FRESH);
    assertThat(effects.write()).isEmpty();
    assertThat(formation.condition()).isEqualTo(new NodeCondition.Forming(List.of(N3)));
    hear(formation, P3, FRESH);
    LogEntry record = written().orElseThrow();
    assertThat(record.index()).isEqualTo(1);
    assertThat(record.term()).isZero();
    Configuration configuration = configuration(record);
    assertThat(configuration.voters()).hasSize(3);
    assertThat(configuration.isVoter(new MemberId(N1, 11))).isTrue();
    assertThat(configuration.isVoter(new MemberId(N2, 12))).isTrue();
    assertThat(configuration.isVoter(new MemberId(N3, 13))).isTrue();
    assertThat(configuration.voter(N3).orElseThrow().address()).hasToString("host-n3:7001");
  }

  @Test
  void theRecordIsSpreadOnlyWhenItIsDurable() {
    Formation formation = formation(P1);
    hear(formation, P2, FRESH);
    hear(formation, P3, FRESH);
    Message spread = new FormationAnswer(written());
    assertThat(effects.sends())
        .containsExactly(new Effects.Send(N2, 12, spread, 1), new Effects.Send(N3, 13, spread, 1));
    assertThat(formation.formed()).isEmpty();
    Optional<LogEntry> record = written();
    // Until then it says nothing, neither "fresh" nor the record.
    hear(formation, P2, probe(N2));
    assertThat(effects.sends()).isEmpty();
    assertThat(formation.nextWakeUp()).isEqualTo(Long.MAX_VALUE);
    formation.onPersisted(1, now());
    assertThat(formation.formed()).isEqualTo(record);
  }

  @Test
  void onlyTheFirstFounds() {
    Formation formation = formation(P2);
    hear(formation, P1, FRESH);
    hear(formation, P3, FRESH);
    assertThat(effects.write()).isEmpty();
    assertThat(formation.condition()).isEqualTo(new NodeCondition.Forming(List.of()));
  }

  @Test
  void aSingleNodeFoundsAtOnce() {
    Formation formation = new Formation(P1, List.of(listed(N1)), new SplittableRandom(1), now());
    wake(formation);
    assertThat(configuration(written().orElseThrow()).voters()).hasSize(1);
    formation.onPersisted(1, now());
    assertThat(formation.formed()).isPresent();
  }

  @Test
  void anAnswerExpires() {
    Formation formation = formation(P1);
    hear(formation, P2, FRESH);
    nowMillis = 1_001;
    hear(formation, P3, FRESH);
    assertThat(effects.write()).isEmpty();
    assertThat(formation.condition()).isEqualTo(new NodeCondition.Forming(List.of(N2)));
    hear(formation, P2, FRESH);
    assertThat(effects.write()).isPresent();
  }

  @Test
  void answersOfStrangersDoNotCount() {
    Formation formation = formation(P1);
    hear(formation, new Peer(NodeId.of("n4"), 14, 104), FRESH);
    hear(formation, P2, FRESH);
    assertThat(effects.write()).isEmpty();
  }

  @Test
  void anotherDiskIsBelievedAtItsSecondAnswer() {
    Formation formation = formation(P1);
    Peer wiped = new Peer(N2, 99, 109);
    hear(formation, P2, FRESH);
    hear(formation, wiped, FRESH);
    hear(formation, P3, FRESH);
    assertThat(effects.write()).isEmpty();
    // An old answer that was held up changes nothing for good.
    hear(formation, P2, FRESH);
    assertThat(effects.write()).isEmpty();
    hear(formation, wiped, FRESH);
    assertThat(effects.write()).isEmpty();
    hear(formation, wiped, FRESH);
    assertThat(configuration(written().orElseThrow()).isVoter(new MemberId(N2, 99))).isTrue();
  }

  @Test
  void aNodeAdoptsARecordThatNamesItsDiskFromWhomever() {
    LogEntry record = record(P1, P2, P3);
    Formation formation = formation(P2);
    hear(formation, P3, new FormationAnswer(Optional.of(record)));
    assertThat(written()).contains(record);
    assertThat(effects.sends()).isEmpty();
    assertThat(formation.formed()).isEmpty();
    // Repetitions, other records and late answers change nothing any more.
    hear(formation, P1, new FormationAnswer(Optional.of(record)));
    hear(formation, P1, new FormationAnswer(Optional.of(record(P1, P2, P3))));
    hear(formation, P1, FRESH);
    assertThat(effects.write()).isEmpty();
    formation.onPersisted(1, now());
    assertThat(formation.formed()).contains(record);
  }

  @Test
  void aWipedNodeSaysSoAndKeepsProbingSlowly() {
    LogEntry record = record(P1, P2, P3);
    Formation formation = formation(new Peer(N2, 99, 109));
    wake(formation);
    hear(formation, P3, new FormationAnswer(Optional.of(record)));
    assertThat(effects.write()).isEmpty();
    assertThat(formation.condition()).isInstanceOf(NodeCondition.NotAMember.class);
    assertThat(formation.nextWakeUp()).isBetween(1_500 * MILLI, 2_500 * MILLI);
    hear(formation, P1, probe(N1));
    assertThat(effects.sends()).isEmpty();
    nowMillis = 2_500;
    wake(formation);
    assertThat(effects.sends()).hasSize(2);
  }

  @Test
  void whoJoinsProbesQuicklyUntilItIsAnsweredAndSlowlyThen() {
    Formation formation =
        Formation.joining(
            new Peer(NodeId.of("n4"), 14, 104),
            new Address("host-n4", 7001),
            LIST.subList(0, 1),
            new SplittableRandom(1),
            now());
    for (int i = 0; i < 3; i++) {
      wake(formation);
      assertThat(effects.sends()).as("nobody heard it yet").hasSize(1);
      long waits = formation.nextWakeUp() / MILLI - nowMillis;
      assertThat(waits).isBetween(150L, 250L);
      nowMillis += 250;
    }
    hear(formation, P1, new FormationAnswer(Optional.of(record(P1, P2, P3))));
    wake(formation);
    assertThat(formation.nextWakeUp() / MILLI - nowMillis).isBetween(1_500L, 2_500L);
  }

  @Test
  void whoJoinsAsksThoseWhoseNamesComeLater() {
    Formation formation =
        Formation.joining(
            new Peer(NodeId.of("n4"), 14, 104),
            new Address("host-n4", 7001),
            List.of(),
            new SplittableRandom(1),
            now());
    wake(formation);
    assertThat(effects.sends()).as("nobody is known yet").isEmpty();
    formation.contacts(Set.of(N1, N2));
    nowMillis += 250;
    wake(formation);
    assertThat(effects.sends()).extracting(Effects.Send::to).containsExactly(N1, N2);
    formation.contacts(Set.of(N3));
    nowMillis += 250;
    wake(formation);
    assertThat(effects.sends()).extracting(Effects.Send::to).containsExactly(N3);
  }

  @Test
  void aWipedFirstNodeNeverFoundsASecondCluster() {
    LogEntry record = record(P1, P2, P3);
    Formation formation = formation(new Peer(N1, 99, 109));
    hear(formation, P2, FRESH);
    hear(formation, P3, new FormationAnswer(Optional.of(record)));
    hear(formation, P3, FRESH);
    hear(formation, P2, FRESH);
    assertThat(effects.write()).isEmpty();
    assertThat(formation.condition()).isInstanceOf(NodeCondition.NotAMember.class);
  }

  @Test
  void aWipedFirstNodeWaitsForHoldersThatAreSilent() {
    Formation formation = formation(new Peer(N1, 99, 109));
    hear(formation, P2, FRESH);
    nowMillis = 500;
    wake(formation);
    assertThat(effects.write()).isEmpty();
    assertThat(formation.condition()).isEqualTo(new NodeCondition.Forming(List.of(N3)));
  }

  @Test
  void aFounderThatCrashedBeforeItsWriteWasDurableFoundsAnother() {
    LogEntry lost = record(P1, P2, P3);
    Formation formation =
        new Formation(new Peer(N1, 11, 111), LIST, new SplittableRandom(2), now());
    hear(formation, P2, FRESH);
    hear(formation, P3, FRESH);
    LogEntry second = written().orElseThrow();
    assertThat(configuration(second).clusterId()).isNotEqualTo(configuration(lost).clusterId());
  }

  @Test
  void whatIsNoRecordIsIgnored() {
    Formation formation = formation(P2);
    LogEntry record = record(P1, P2, P3);
    ByteBuffer payload = record.payload();
    for (LogEntry bad :
        List.of(
            LogEntry.of(LogEntry.Type.COMMAND, 1, 0, 0, 0, payload),
            LogEntry.of(LogEntry.Type.CONFIGURATION, 2, 0, 0, 0, payload),
            LogEntry.of(LogEntry.Type.CONFIGURATION, 1, 1, 0, 0, payload),
            LogEntry.of(LogEntry.Type.CONFIGURATION, 1, 0, 0, 0, payload.slice(0, 9)))) {
      hear(formation, P1, new FormationAnswer(Optional.of(bad)));
      assertThat(effects.write()).isEmpty();
      assertThat(formation.condition()).isInstanceOf(NodeCondition.Forming.class);
    }
  }

  @Test
  void messagesOfConsensusAreIgnored() {
    hear(formation(P2), P1, new Message.Heartbeat(3, 0, 0, 1, 0, Message.Freshness.NONE));
    assertThat(effects.sends()).isEmpty();
    assertThat(effects.write()).isEmpty();
  }
}
