package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.engine.core.Effects;
import java.util.List;

/**
 * Carries out what a turn of consensus wants, in the order that {@link
 * dev.quorate.raft.engine.core} promises. Only for the node loop's turns.
 */
final class Execution {

  private final String group;
  private final Outbound outbound;
  private final LogWriter writer;
  private final Applier applier;
  private final LogReader reader;
  private final SnapshotActors snapshots;
  private final Calls calls;
  private final GatedSends gated = new GatedSends();

  Execution(
      String group,
      Outbound outbound,
      LogWriter writer,
      Applier applier,
      LogReader reader,
      SnapshotActors snapshots,
      Calls calls) {
    this.group = group;
    this.outbound = outbound;
    this.writer = writer;
    this.applier = applier;
    this.reader = reader;
    this.snapshots = snapshots;
    this.calls = calls;
  }

  /** Carries everything out, and clears it. */
  void carryOut(Effects effects) {
    for (Effects.Send send : effects.sends()) {
      if (gated.pass(send)) {
        send(send);
      }
    }
    effects.write().ifPresent(batch -> writer.write(group, batch));
    effects.snapshotTasks().forEach(this::carryOut);
    if (!effects.applies().isEmpty()) {
      applier.apply(List.copyOf(effects.applies()));
    }
    effects.logReads().forEach(reader::read);
    effects.completions().forEach(this::complete);
    effects.clear();
  }

  private void carryOut(Effects.SnapshotTask task) {
    if (task instanceof Effects.SnapshotTask.Capture) {
      applier.capture();
    } else if (task instanceof Effects.SnapshotTask.Restore restore) {
      applier.restore(restore.id());
    } else {
      snapshots.fetch(task);
    }
  }

  private void send(Effects.Send send) {
    outbound.send(send.to(), send.toIncarnation(), send.message());
  }

  private void complete(Effects.Completion completion) {
    long number = completion.number();
    if (completion instanceof Effects.Completion.Command end) {
      calls.find(number, Call.Command.class).ifPresent(call -> calls.end(call, end.outcome()));
    } else if (completion instanceof Effects.Completion.ReadReady) {
      calls.find(number, Call.Read.class).ifPresent(applier::query);
    } else if (completion instanceof Effects.Completion.ReadRefused end) {
      calls
          .find(number, Call.Read.class)
          .ifPresent(call -> calls.end(call, call.refused(end.reason(), end.message())));
    } else if (completion instanceof Effects.Completion.Transfer end) {
      calls.find(number, Call.Transfer.class).ifPresent(call -> calls.end(call, end.outcome()));
    } else if (completion instanceof Effects.Completion.Snapshot end) {
      calls.find(number, Call.TakeSnapshot.class).ifPresent(call -> calls.end(call, end.outcome()));
    } else if (completion instanceof Effects.Completion.Change end) {
      calls.find(number, Call.Change.class).ifPresent(call -> calls.end(call, end.outcome()));
    }
  }

  /** All writes up to that sequence are durable: what was promised for them goes out. */
  void onPersisted(long sequence) {
    gated.release(sequence).forEach(this::send);
  }

  /** Nothing that waits for a write goes out any more. */
  void forget() {
    gated.clear();
  }
}
