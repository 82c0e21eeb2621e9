package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Role;
import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.core.Quiescence;
import dev.quorate.raft.engine.core.RaftCore;
import dev.quorate.raft.engine.core.Time;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Quiet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Between one group's core and what its host shares with other groups: {@link Pairs}, by which it
 * rests, and {@link Candidacies}, where it waits before it stands for election. Only for the node
 * loop's turns, but for what {@link Pairs} calls, which makes turns of it.
 */
final class GroupRest implements Pairs.Group {

  /** A group waits at most so many election timeouts for others' elections. */
  private static final int PATIENCE = 3;

  private final String group;
  private final EngineSettings settings;
  private final Peer self;
  private final Pairs pairs;
  private final Candidacies candidacies;
  private final Consumer<Runnable> loop;
  private final IntSupplier pendingCalls;
  private final boolean enabled;

  private Optional<RaftCore> core = Optional.empty();
  private Time now = new Time(0, 0);
  private Optional<Quiet> seen = Optional.empty();
  private long seenNanos;
  private Optional<Quiet> offered = Optional.empty();
  private boolean rested;
  private Optional<Peer> restsWith = Optional.empty();
  private boolean stands;

  /**
   * A group that does not rest yet.
   *
   * @param loop runs a task in a turn of the node loop
   * @param pendingCalls how many calls of users wait
   */
  GroupRest(Host host, EngineSettings settings, Consumer<Runnable> loop, IntSupplier pendingCalls) {
    this.group = settings.group();
    this.settings = settings;
    this.self = host.self();
    this.pairs = host.pairs();
    this.candidacies = host.candidacies();
    this.loop = loop;
    this.pendingCalls = pendingCalls;
    this.enabled =
        !settings.quietAfter().isZero()
            && settings.core().electionMinNanos() >= pairs.patienceNanos();
    pairs.join(group, this);
  }

  /** A turn begins: tells the core what the hosts have heard of each other while it rested. */
  void begin(Optional<RaftCore> current, Time time) {
    core = current;
    now = time;
    quiescence().filter(it -> it.resting().isPresent()).ifPresent(this::tellHeard);
  }

  private void tellHeard(Quiescence quiescence) {
    for (Peer other : quiescence.counterparts()) {
      OptionalLong nanos = rested ? pairs.answeredNanos(other) : pairs.heardNanos(other);
      nanos.ifPresent(at -> quiescence.heard(other, at));
    }
  }

  private Optional<Quiescence> quiescence() {
    return core.map(RaftCore::quiescence);
  }

  /** The core wants to be woken up; if it is to stand for election, it may have to wait. */
  void wakeUp(Effects effects) {
    RaftCore woken = core.orElseThrow();
    boolean due = woken.quiescence().isElectionDue(now);
    long patience = PATIENCE * settings.core().electionMaxNanos();
    if (due && !candidacies.enter(group, now.nanos(), patience)) {
      woken.quiescence().postponeElection(now);
    } else {
      stands |= due;
      woken.onWakeUp(now, effects);
    }
  }

  /** A turn has ended: tells the others what it changed. */
  void end(RaftCore current, Role role) {
    core = Optional.of(current);
    if (stands && role != Role.PRE_CANDIDATE && role != Role.CANDIDATE) {
      stands = false;
      candidacies.leave(group);
    }
    if (enabled) {
      quiescence().ifPresent(this::look);
    }
  }

  private void look(Quiescence quiescence) {
    boolean rests = quiescence.resting().isPresent();
    if (restsWith.isPresent() && !rests) {
      pairs.woke(group, restsWith.get());
      restsWith = Optional.empty();
    }
    Optional<Quiet> quiet = quiescence.offer(now);
    if (offered.isPresent() && (!quiet.equals(offered) || rested && !rests)) {
      withdraw();
    } else if (offered.isEmpty()) {
      consider(quiescence, quiet);
    }
  }

  private void consider(Quiescence quiescence, Optional<Quiet> quiet) {
    if (!quiet.equals(seen) || pendingCalls.getAsInt() > 0) {
      seen = quiet;
      seenNanos = now.nanos();
    } else if (quiet.isPresent() && now.nanos() - seenNanos >= settings.quietAfter().toNanos()) {
      offered = quiet;
      pairs.offer(group, quiet.get(), quiescence.counterparts().stream().map(Peer::key).toList());
    }
  }

  private void withdraw() {
    pairs.withdraw(group);
    forgetOffer();
  }

  private void forgetOffer() {
    offered = Optional.empty();
    rested = false;
    seenNanos = now.nanos();
  }

  @Override
  public void granted(Quiet quiet) {
    loop.accept(
        () -> {
          if (offered.equals(Optional.of(quiet))) {
            rested =
                pendingCalls.getAsInt() == 0
                    && quiescence().filter(it -> it.rest(self, quiet, now)).isPresent();
            if (!rested) {
              withdraw();
            }
          }
        });
  }

  @Override
  public void asked(Peer leader, Quiet quiet) {
    loop.accept(
        () -> {
          boolean rests =
              enabled
                  && pendingCalls.getAsInt() == 0
                  && quiescence().filter(it -> it.rest(leader, quiet, now)).isPresent();
          if (rests) {
            restsWith = Optional.of(leader);
          }
          pairs.decided(group, leader, quiet, rests);
        });
  }

  @Override
  public void ended() {
    loop.accept(
        () -> {
          restsWith = Optional.empty();
          forgetOffer();
          quiescence().ifPresent(it -> it.wake(now));
        });
  }

  /** Takes no part any more. */
  void stop() {
    core = Optional.empty();
    pairs.leave(group);
    candidacies.leave(group);
  }
}
