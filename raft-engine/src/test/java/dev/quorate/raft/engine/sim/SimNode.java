package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.core.CoreSettings;
import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.core.Origin;
import dev.quorate.raft.engine.core.RaftCore;
import dev.quorate.raft.engine.core.Time;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.ForwardResult;
import dev.quorate.raft.engine.message.Peer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * A member whose disk, state machine and clock are slow at random, and which can crash at any step.
 */
final class SimNode {

  private static final long MILLI = 1_000_000;

  private final NodeId id;
  private final Agenda agenda;
  private final RandomGenerator random;
  private final Invariants invariants;
  private final SimNetwork network;
  private final CoreSettings settings;
  private final SimDisk disk = new SimDisk();
  private final Effects effects = new Effects();
  private final List<Effects.Send> gated = new ArrayList<>();
  private final Map<Long, Long> commandOfCall = new HashMap<>();
  private final Map<Long, Long> readOfCall = new HashMap<>();
  private final History history;
  private RaftCore core;
  private Peer self;
  private long boots;
  private long lastCall;
  private long timerNumber;
  private boolean forcing;
  private boolean calm;
  private long applyFreeAt;

  SimNode(
      NodeId id,
      Agenda agenda,
      RandomGenerator random,
      Invariants invariants,
      SimNetwork network,
      CoreSettings settings,
      History history) {
    this.id = id;
    this.agenda = agenda;
    this.random = random;
    this.invariants = invariants;
    this.network = network;
    this.settings = settings;
    this.history = history;
    invariants.watch(id, disk);
  }

  SimDisk disk() {
    return disk;
  }

  NodeId id() {
    return id;
  }

  boolean isUp() {
    return core != null;
  }

  RaftCore core() {
    return core;
  }

  Time time() {
    return new Time(agenda.now(), agenda.now() / MILLI);
  }

  void start(long incarnation) {
    boots++;
    self = new Peer(id, incarnation, boots);
    LogEntry last = disk.durableEntries().get(disk.durableEntries().size() - 1);
    invariants.restarted(id);
    core =
        new RaftCore(
            self, settings, disk.open(), disk.durableEntries().get(0), last, 0, random, time());
    turn((running, now) -> {});
  }

  /** Power goes: what was not forced may be lost, and every call of this process with it. */
  void crash() {
    core = null;
    forcing = false;
    gated.clear();
    effects.clear();
    disk.crash(random);
    invariants.forced(id);
    for (long command : commandOfCall.values()) {
      history.ended(command, new Outcome.Unknown("crashed"));
    }
    commandOfCall.clear();
    readOfCall.clear();
  }

  /** No more stalls of the disk. */
  void calmDown() {
    calm = true;
  }

  void submit(long command) {
    long call = ++lastCall;
    history.submitted(command);
    commandOfCall.put(call, command);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + random.nextInt(64)).putLong(0, command);
    turn((running, now) -> running.onCommand(call, bytes, now, effects));
    later(
        900 * MILLI,
        () -> {
          if (commandOfCall.containsKey(call)) {
            turn((running, now) -> running.onCommandDeadline(call, now, effects));
          }
        });
  }

  void read() {
    long call = ++lastCall;
    readOfCall.put(call, history.readBegins());
    turn((running, now) -> running.onRead(call, effects));
    later(
        900 * MILLI,
        () -> {
          if (readOfCall.containsKey(call)) {
            turn((running, now) -> running.onReadDeadline(call, now, effects));
          }
        });
  }

  void transferTo(NodeId target) {
    long call = ++lastCall;
    turn(
        (running, now) ->
            running.onTransfer(call, target, now.nanos() + 1_000 * MILLI, now, effects));
  }

  void receive(Peer from, long toIncarnation, Message message) {
    if (isUp() && (toIncarnation == 0 || toIncarnation == self.incarnation())) {
      turn((running, now) -> running.onMessage(from, message, now, effects));
    }
  }

  private void turn(BiConsumer<RaftCore, Time> input) {
    if (core == null) {
      return;
    }
    Time now = time();
    input.accept(core, now);
    core.endTurn(now, effects);
    List<Effects.Send> sends = List.copyOf(effects.sends());
    List<Effects.Apply> applies = List.copyOf(effects.applies());
    List<Effects.LogRead> reads = List.copyOf(effects.logReads());
    List<Completion> completions = List.copyOf(effects.completions());
    effects
        .write()
        .ifPresent(
            batch -> {
              disk.write(batch);
              force();
            });
    effects.clear();
    invariants.afterTurn(id, core.view(now));
    for (Effects.Send send : sends) {
      if (send.afterWrite() == Effects.AT_ONCE) {
        send(send);
      } else {
        gated.add(send);
      }
    }
    completions.forEach(this::complete);
    reads.forEach(
        read ->
            later(
                random.nextLong(20 * MILLI),
                () ->
                    turn(
                        (running, then) ->
                            running.onLogRead(
                                read.token(),
                                disk.read(read.from(), read.to(), read.maxBytes())))));
    if (!applies.isEmpty()) {
      applyLater(applies);
    }
    arm();
  }

  /** Forces take their time; whatever was written meanwhile waits for the next one. */
  private void force() {
    if (forcing) {
      return;
    }
    forcing = true;
    long sequence = disk.lastSequence();
    later(
        !calm && random.nextInt(50) == 0
            ? random.nextLong(800 * MILLI)
            : random.nextLong(5 * MILLI),
        () -> {
          forcing = false;
          disk.forceUpTo(sequence)
              .forEach(entry -> invariants.stored(disk.durableEntries(), entry));
          invariants.forced(id);
          turn((running, now) -> running.onPersisted(sequence, now, effects));
          release(sequence);
          if (disk.lastSequence() > sequence) {
            force();
          }
        });
  }

  private void release(long sequence) {
    List<Effects.Send> ready =
        gated.stream().filter(send -> send.afterWrite() <= sequence).toList();
    gated.removeAll(ready);
    ready.forEach(this::send);
  }

  private void send(Effects.Send send) {
    invariants.sent(id, send.to(), send.message());
    network.send(self, send.to(), send.toIncarnation(), send.message());
  }

  private void applyLater(List<Effects.Apply> applies) {
    applyFreeAt = Math.max(applyFreeAt, agenda.now() + random.nextLong(3 * MILLI));
    later(
        applyFreeAt - agenda.now(),
        () -> {
          long lastIndex = 0;
          for (Effects.Apply apply : applies) {
            invariants.applied(id, apply.entry());
            lastIndex = apply.entry().index();
            apply.origin().ifPresent(origin -> answer(origin, apply.entry()));
          }
          long index = lastIndex;
          turn((running, now) -> running.onApplied(index));
        });
  }

  private void answer(Origin origin, LogEntry entry) {
    Outcome outcome = new Outcome.Applied(entry.index(), new byte[0]);
    if (origin instanceof Origin.Local local) {
      complete(new Completion.Command(local.number(), outcome));
    } else {
      Origin.Remote remote = (Origin.Remote) origin;
      network.send(
          self,
          remote.peer().id(),
          remote.peer().incarnation(),
          new ForwardResult(remote.peer().boot(), remote.number(), outcome));
    }
  }

  private void complete(Completion completion) {
    if (completion instanceof Completion.Command ended) {
      Optional.ofNullable(commandOfCall.remove(ended.number()))
          .ifPresent(command -> history.ended(command, ended.outcome()));
    } else if (completion instanceof Completion.ReadReady ready) {
      Optional.ofNullable(readOfCall.remove(ready.number()))
          .ifPresent(atLeast -> history.readEnds(atLeast, ready.index()));
    } else if (completion instanceof Completion.ReadRefused refused) {
      readOfCall.remove(refused.number());
    }
  }

  private void arm() {
    long number = ++timerNumber;
    later(
        core.nextWakeUp() - agenda.now(),
        () -> {
          if (number == timerNumber) {
            turn((running, now) -> running.onWakeUp(now, effects));
          }
        });
  }

  /** Something of this boot only. */
  private void later(long delayNanos, Runnable action) {
    long boot = boots;
    agenda.after(
        delayNanos,
        () -> {
          if (isUp() && boot == boots) {
            action.run();
          }
        });
  }
}
