package dev.quorate.raft.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.testkit.history.AppendModel.Append;
import dev.quorate.raft.testkit.history.AppendModel.Appended;
import dev.quorate.raft.testkit.history.AppendModel.Contents;
import dev.quorate.raft.testkit.history.CounterModel.Add;
import dev.quorate.raft.testkit.history.KeyedModel.Keyed;
import dev.quorate.raft.testkit.history.RegisterModel.CompareAndSet;
import dev.quorate.raft.testkit.history.RegisterModel.Exchanged;
import dev.quorate.raft.testkit.history.Verdict.Linearizable;
import dev.quorate.raft.testkit.history.Verdict.NotLinearizable;
import dev.quorate.raft.testkit.history.Verdict.Undecided;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Small histories, each legal or illegal for one reason. */
class LinearizabilityTest {

  @Test
  void nothingIsLinearizable() {
    assertThat(new Registers().verdict()).isEqualTo(new Linearizable(0, 0, 0));
  }

  @Test
  void aReadSeesTheWriteBeforeIt() {
    legal(new Registers().read(0, 1, 2).write(1, 3, 4).read(1, 5, 6));
  }

  @Test
  void aReadDuringAWriteSeesEitherValue() {
    legal(new Registers().write(1, 1, 2).write(2, 10, 20).read(1, 11, 12).read(2, 13, 14));
    legal(new Registers().write(1, 1, 2).write(2, 10, 20).read(2, 11, 12).read(2, 13, 14));
  }

  @Test
  void aStaleRead() {
    illegalAt(2, new Registers().write(1, 1, 2).write(2, 3, 4).read(1, 5, 6).read(2, 7, 8));
  }

  @Test
  void aLostUpdate() {
    History<RegisterModel.Input<Integer>, RegisterModel.Output<Integer>> history = new History<>();
    history
        .invoke("a", new CompareAndSet<>(Optional.empty(), 1), 1)
        .returned(new Exchanged<>(true), 9);
    history
        .invoke("b", new CompareAndSet<>(Optional.empty(), 2), 2)
        .returned(new Exchanged<>(true), 8);
    assertThat(Linearizability.check(new RegisterModel<>(), history.operations()))
        .isInstanceOf(NotLinearizable.class);
  }

  @Test
  void aReadOfAValueNeverWritten() {
    illegalAt(1, new Registers().write(1, 1, 9).read(3, 2, 8));
  }

  @Test
  void aReadBackInTime() {
    illegalAt(3, new Registers().write(1, 1, 2).write(2, 3, 20).read(2, 4, 5).read(1, 6, 7));
  }

  @Test
  void anUnknownWriteMayAppearLate() {
    legal(new Registers().write(1, 1, 2).unknownWrite(2, 3, 4).read(1, 5, 6).read(2, 70, 80));
  }

  @Test
  void anUnknownWriteMayAppearAfterALaterWrite() {
    legal(new Registers().unknownWrite(2, 3, 4).write(1, 5, 6).read(1, 7, 8).read(2, 9, 10));
  }

  @Test
  void anUnknownWriteMayNeverAppear() {
    legal(new Registers().write(1, 1, 2).unknownWrite(2, 3, 4).read(1, 5, 6));
  }

  @Test
  void anUnknownWriteDoesNotAppearBeforeItWasAskedFor() {
    illegalAt(0, new Registers().read(2, 1, 2).unknownWrite(2, 3, 4).read(2, 5, 6));
  }

  @Test
  void anUnknownWriteThatWasSeenStays() {
    illegalAt(3, new Registers().write(1, 1, 2).unknownWrite(2, 3, 4).read(2, 5, 6).read(1, 7, 8));
  }

  @Test
  void anUnknownWriteTakesEffectOnce() {
    illegalAt(
        4,
        new Registers()
            .unknownWrite(2, 1, 2)
            .read(2, 3, 4)
            .write(1, 5, 6)
            .read(1, 7, 8)
            .read(2, 9, 10));
  }

  @Test
  void twoUnknownWritesOfOneValueTakeEffectTwice() {
    legal(
        new Registers()
            .unknownWrite(2, 1, 2)
            .unknownWrite(2, 1, 2)
            .read(2, 3, 4)
            .write(1, 5, 6)
            .read(1, 7, 8)
            .read(2, 9, 10));
  }

  @Test
  void aFailedWriteIsNotSeen() {
    legal(new Registers().write(1, 1, 2).failedWrite(2, 3, 4).read(1, 5, 6));
    illegalAt(2, new Registers().write(1, 1, 2).failedWrite(2, 3, 4).read(2, 5, 6));
    illegalAt(2, new Registers().write(1, 1, 2).failedWrite(2, 3, 9).read(2, 5, 6));
  }

  @Test
  void aPendingWriteMayHaveAnEffectOrNone() {
    legal(new Registers().pendingWrite(2, 1).read(0, 3, 4).read(2, 500, 600));
    legal(new Registers().pendingWrite(2, 1).read(0, 3, 4).read(0, 500, 600));
    illegalAt(2, new Registers().pendingWrite(2, 1).read(2, 3, 4).read(0, 500, 600));
  }

  @Test
  void whatClientsDidOneAfterTheOtherStaysInThatOrder() {
    illegalAt(
        2, new Registers().by("a").write(1, 1, 2).by("b").write(2, 3, 4).by("c").read(1, 5, 6));
    legal(new Registers().by("a").write(1, 1, 3).by("b").write(2, 3, 4).by("c").read(1, 5, 6));
  }

  @Test
  void aDoubledAdditionIsSeenInTheSum() {
    History<Add, Long> history = new History<>();
    history.invoke("a", new Add(5), 1).returned(5L, 2);
    history.invoke("b", new Add(1), 3).returned(11L, 4);
    assertThat(culprit(Linearizability.check(new CounterModel(), history.operations())))
        .isEqualTo(1);
  }

  @Test
  void whichUnknownAdditionsTookEffectIsDecidedByWhatIsReadLater() {
    // 5 is 1 + 4 or 2 + 3, and only the next read tells.
    legal(unknownAdditions(5, 6));
    legal(unknownAdditions(5, 7));
    legal(unknownAdditions(5, 8));
    legal(unknownAdditions(5, 9));
    assertThat(culprit(unknownAdditions(5, 11))).isEqualTo(5);
  }

  private static Verdict unknownAdditions(long... sums) {
    History<Add, Long> history = new History<>();
    for (int delta = 1; delta <= 4; delta++) {
      history.invoke("a", new Add(delta), 1).unknown("timeout", 2);
    }
    for (int i = 0; i < sums.length; i++) {
      history.invoke("b", new Add(0), 3 + 2 * i).returned(sums[i], 4 + 2 * i);
    }
    return Linearizability.check(new CounterModel(), history.operations());
  }

  @Test
  void anElementAppendedTwice() {
    History<AppendModel.Input<String>, AppendModel.Output<String>> history = new History<>();
    history.invoke("a", new Append<>("x"), 1).returned(new Appended<>(0), 2);
    history.invoke("b", new AppendModel.Read<>(), 3).returned(new Contents<>(List.of("x", "x")), 4);
    assertThat(culprit(Linearizability.check(new AppendModel<>(), history.operations())))
        .isEqualTo(1);
  }

  @Test
  void twoReadersSeeElementsInOneOrder() {
    History<AppendModel.Input<String>, AppendModel.Output<String>> history = new History<>();
    history.invoke("a", new Append<>("x"), 1).returned(new Appended<>(0), 10);
    history.invoke("b", new Append<>("y"), 2).returned(new Appended<>(2), 11);
    read(history, 12, "x", "y");
    legal(Linearizability.check(new AppendModel<>(), history.operations()));
    read(history, 14, "y", "x");
    assertThat(culprit(Linearizability.check(new AppendModel<>(), history.operations())))
        .isEqualTo(3);
  }

  private static void read(
      History<AppendModel.Input<String>, AppendModel.Output<String>> history,
      long at,
      String... elements) {
    history
        .invoke("c", new AppendModel.Read<>(), at)
        .returned(new Contents<>(List.of(elements)), at + 1);
  }

  @Test
  void anAppendThatIsToldAWrongLength() {
    History<AppendModel.Input<String>, AppendModel.Output<String>> history = new History<>();
    history.invoke("a", new Append<>("x"), 1).returned(new Appended<>(1), 2);
    history.invoke("b", new Append<>("y"), 3).returned(new Appended<>(1), 4);
    assertThat(culprit(Linearizability.check(new AppendModel<>(), history.operations())))
        .isEqualTo(1);
  }

  @Test
  void keysAreJudgedApart() {
    History<Keyed<String, Add>, Long> history = new History<>();
    history.invoke("a", new Keyed<>("x", new Add(1)), 1).returned(1L, 2);
    history.invoke("a", new Keyed<>("y", new Add(1)), 3).returned(1L, 4);
    Verdict verdict =
        Linearizability.check(new KeyedModel<>(new CounterModel()), history.operations());
    assertThat(verdict).isEqualTo(new Linearizable(2, 2, 2));
    history.invoke("a", new Keyed<>("y", new Add(1)), 5).returned(1L, 6);
    verdict = Linearizability.check(new KeyedModel<>(new CounterModel()), history.operations());
    assertThat(((NotLinearizable) verdict).partition()).hasToString("[y, all]");
  }

  @Test
  void theExplanationTellsWhatWasLegalUntilThen() {
    Registers registers =
        new Registers().write(1, 1, 2).write(2, 3, 4).unknownWrite(3, 3, 5).read(1, 5, 6);
    assertThatThrownBy(() -> registers.verdict().requireLinearizable())
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            NOT LINEARIZABLE: no order of the operations on all explains
              #3 c [5..6] Read[] -> Value[value=Optional[1]]
            an order that explains everything before its return, the last of 2:
              #0 c [1..2] Write[value=1] -> Done[]
              #1 c [3..4] Write[value=2] -> Done[]
            which leaves the state Optional[2]
            operations that overlap with it, the last of 1:
              #2 c [3..] Write[value=3] unknown since 5: timeout
            """);
  }

  @Test
  void theOffendingPrefixIsTheShortest() {
    Registers registers = new Registers().write(1, 1, 2).write(5, 3, 100).read(9, 4, 5);
    for (int i = 10; i < 90; i += 2) {
      registers.write(i, i, i + 1).read(i, i, i + 1);
    }
    NotLinearizable verdict = (NotLinearizable) registers.verdict();
    assertThat(verdict.culprit().number()).isEqualTo(2);
    assertThat(verdict.prefix())
        .map(Operation::toString)
        .containsExactly(
            "#0 c [1..2] Write[value=1] -> Done[]",
            "#1 c [3..] Write[value=5] pending",
            "#2 c [4..5] Read[] -> Value[value=Optional[9]]");
  }

  /** Thirty writes at once and a read of none of them: more than 2^30 places to go on from. */
  private static Registers exponential() {
    Registers registers = new Registers();
    for (int i = 1; i <= 30; i++) {
      registers.write(i, i, 100);
    }
    return registers.read(99, 200, 201);
  }

  @Test
  void aSearchThatUsesUpItsBudgetIsNoPass() {
    assertThat(exponential().verdict(20_000))
        .isEqualTo(new Undecided(List.of("all"), 20_000))
        .isEqualTo(exponential().verdict(20_000));
    assertThatThrownBy(() -> exponential().verdict(20_000).requireLinearizable())
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("UNDECIDED, which is no pass: 20000 steps did not suffice");
  }

  @Test
  void whatIsDecidedStandsBesideWhatIsNot() {
    History<Keyed<String, Add>, Long> history = new History<>();
    for (int i = 0; i < 40; i++) {
      history.invoke("a", new Keyed<>("hard", new Add(1L << i)), i).unknown("timeout", 100);
    }
    history.invoke("b", new Keyed<>("hard", new Add(0)), 200).returned(-1L, 201);
    KeyedModel<String, Long, Add, Long> model = new KeyedModel<>(new CounterModel());
    assertThat(Linearizability.check(model, history.operations(), 20_000))
        .isInstanceOf(Undecided.class);
    history.invoke("c", new Keyed<>("wrong", new Add(1)), 200).returned(7L, 201);
    assertThat(Linearizability.check(model, history.operations(), 20_000))
        .isInstanceOf(NotLinearizable.class);
  }

  @Test
  void unknownWritesThatNobodySawCostLittle() {
    Registers registers = new Registers();
    for (int i = 1; i <= 60; i++) {
      registers.unknownWrite(1_000 + i, 10 * i, 10 * i + 1).write(i, 10 * i + 2, 10 * i + 3);
      registers.read(i, 10 * i + 4, 10 * i + 5);
    }
    legal(registers);
    registers.read(5, 10_000, 10_001);
    assertThat(culprit(registers.verdict())).isEqualTo(180);
  }

  private static void legal(Registers registers) {
    legal(registers.verdict());
  }

  private static void legal(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Linearizable.class);
    verdict.requireLinearizable();
  }

  private static void illegalAt(int number, Registers registers) {
    assertThat(culprit(registers.verdict())).isEqualTo(number);
  }

  private static int culprit(Verdict verdict) {
    return ((NotLinearizable) verdict).culprit().number();
  }
}
