package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.codec.HostMessageCodec;
import dev.quorate.raft.engine.codec.MessageCodec;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message.HostAnswer;
import dev.quorate.raft.engine.message.Message.HostBeat;
import dev.quorate.raft.engine.message.Message.HostMessage;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Quiet;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The heartbeats of all groups of this host that rest (rule P14), one for each other host. A beat
 * says in which groups this host leads and has nothing to say, and is to each of them what a
 * heartbeat of it would be; the answer says which of them do not rest, and is to all others what
 * their answers would be. Where nobody rests, nothing is sent and there is no timer.
 *
 * <ol>
 *   <li>A leader that has been quiet for a while offers to rest. Its group is in the beats from
 *       then on, and it sends heartbeats as before.
 *   <li>Each host asks its own member, which rests if it has exactly what the leader has. Its
 *       election timer is stopped, because the beats keep it from running out.
 *   <li>When all hosts have answered that their members rest, the leader does.
 *   <li>Whoever wakes says so: a leader by not being in the next beat, a member by being named in
 *       the next answer. If beats or answers fail for an election timeout, or come from another
 *       boot, all that relied on them wake.
 * </ol>
 *
 * <p>All fields that are not final or concurrent belong to the mailbox's turns.
 */
final class Pairs {

  private static final System.Logger LOG = System.getLogger(Pairs.class.getName());

  private final Peer self;
  private final Environment environment;
  private final Transport transport;
  private final long beatNanos;
  private final long patienceNanos;
  private final int mostGroups;
  private final Mailbox mailbox;
  private final TreeMap<String, Group> groups = new TreeMap<>();
  private final TreeMap<String, Offer> offers = new TreeMap<>();
  private final TreeMap<MemberId, Telling> tellings = new TreeMap<>();
  private final TreeMap<NodeId, Hearing> hearings = new TreeMap<>();
  private final ConcurrentMap<NodeId, Contact> answers = new ConcurrentHashMap<>();
  private final ConcurrentMap<NodeId, Contact> beats = new ConcurrentHashMap<>();
  private Optional<Environment.Timer> timer = Optional.empty();
  private boolean stopped;

  /** A group's member on this host. All methods return at once. */
  interface Group {
    /** All others rest: the leader may. */
    void granted(Quiet quiet);

    /** A leader has nothing to say: {@link Pairs#decided} whether this member rests. */
    void asked(Peer leader, Quiet quiet);

    /** What this member relied on to rest is no more. */
    void ended();
  }

  /** What a leader offered. */
  private static final class Offer {
    private final Quiet quiet;
    private final List<MemberId> others;
    private boolean granted;

    private Offer(Quiet quiet, List<MemberId> others) {
      this.quiet = quiet;
      this.others = others;
    }
  }

  /** The last sign of a host in a boot. */
  private record Contact(Peer host, long nanos) {}

  Pairs(Peer self, Environment environment, Transport transport, EngineSettings settings) {
    this.self = self;
    this.environment = environment;
    this.transport = transport;
    this.beatNanos = settings.core().heartbeatNanos();
    this.patienceNanos = settings.core().electionMinNanos();
    this.mostGroups =
        (settings.maxFrameBytes() - Envelope.MAX_BYTES - MessageCodec.MAX_FIXED_BYTES)
            / HostMessageCodec.MAX_GROUP_BYTES;
    this.mailbox = new Mailbox(environment.executor(), this::fail);
  }

  /** Within how long a lost host is noticed; a group that is to notice earlier does not rest. */
  long patienceNanos() {
    return patienceNanos;
  }

  // What groups say. Each of these may be called by any thread.

  /** When that host, in that boot, last answered something: when that was sent. */
  OptionalLong answeredNanos(Peer host) {
    return of(host, answers);
  }

  /** When that host, in that boot, was last heard of. */
  OptionalLong heardNanos(Peer host) {
    return of(host, beats);
  }

  private static OptionalLong of(Peer host, Map<NodeId, Contact> contacts) {
    Contact contact = contacts.get(host.id());
    return contact != null && contact.host.equals(host)
        ? OptionalLong.of(contact.nanos)
        : OptionalLong.empty();
  }

  void join(String name, Group group) {
    mailbox.post(() -> groups.put(name, group));
  }

  /** A group's member is no more, or takes no part any more. */
  void leave(String name) {
    mailbox.post(
        () -> {
          groups.remove(name);
          retract(name);
          hearings.values().forEach(hearing -> hearing.decided(name, false));
        });
  }

  /** A leader would rest with those. */
  void offer(String name, Quiet quiet, List<MemberId> others) {
    mailbox.post(
        () -> {
          retract(name);
          offers.put(name, new Offer(quiet, others));
          long now = environment.nanoTime();
          boolean said = !stopped;
          for (MemberId other : others) {
            said &= tellings.computeIfAbsent(other, it -> telling(now)).say(name, quiet);
          }
          if (said) {
            settle(name);
            keepBeating();
          } else {
            end(name);
          }
        });
  }

  private Telling telling(long now) {
    return new Telling(mostGroups, now);
  }

  /** A leader would rest no longer, or does not. */
  void withdraw(String name) {
    mailbox.post(() -> retract(name));
  }

  /** A member that was asked rests, or does not. */
  void decided(String name, Peer leader, Quiet quiet, boolean rests) {
    mailbox.post(
        () ->
            hearing(leader)
                .filter(hearing -> hearing.says(name, quiet))
                .ifPresent(hearing -> hearing.decided(name, rests)));
  }

  /** A member that rested does no longer. */
  void woke(String name, Peer leader) {
    mailbox.post(() -> hearing(leader).ifPresent(hearing -> hearing.woke(name)));
  }

  private Optional<Hearing> hearing(Peer host) {
    return Optional.ofNullable(hearings.get(host.id()))
        .filter(hearing -> hearing.host().equals(host));
  }

  private void retract(String name) {
    Offer offer = offers.remove(name);
    if (offer != null) {
      offer.others.forEach(
          other -> Optional.ofNullable(tellings.get(other)).ifPresent(it -> it.unsay(name)));
    }
  }

  private void end(String name) {
    retract(name);
    Optional.ofNullable(groups.get(name)).ifPresent(Group::ended);
  }

  /** Lets a leader rest when all others do, and wakes it when one does not. */
  private void settle(String name) {
    Offer offer = offers.get(name);
    if (offer == null) {
      return;
    }
    boolean held = offer.others.stream().allMatch(other -> tellings.get(other).isHeld(name));
    boolean refused = offer.others.stream().anyMatch(other -> tellings.get(other).isRefused(name));
    if (refused || offer.granted && !held) {
      end(name);
    } else if (held && !offer.granted) {
      offer.granted = true;
      Optional.ofNullable(groups.get(name)).ifPresent(group -> group.granted(offer.quiet));
    }
  }

  // What hosts say.

  /** Another host said something. May be called by any thread. */
  void onMessage(Peer from, HostMessage message) {
    mailbox.post(
        () -> {
          if (stopped) {
            return;
          }
          if (message instanceof HostBeat beat) {
            onBeat(from, beat);
          } else {
            onAnswer(from, (HostAnswer) message);
          }
        });
  }

  private void onBeat(Peer from, HostBeat beat) {
    long now = environment.nanoTime();
    Hearing known = hearings.get(from.id());
    if (known != null && !known.host().equals(from)) {
      // What led there died with that boot, however soon the next came.
      forget(known);
      known = null;
    }
    Hearing hearing = known == null ? new Hearing(from, now) : known;
    if (!hearing.isNew(beat)) {
      return;
    }
    hearings.put(from.id(), hearing);
    Hearing.News news = hearing.take(beat, now);
    beats.put(from.id(), new Contact(from, hearing.heardNanos()));
    news.gone().forEach(this::wake);
    news.asked()
        .forEach(
            (name, quiet) ->
                Optional.ofNullable(groups.get(name))
                    .ifPresentOrElse(
                        group -> group.asked(from, quiet), () -> hearing.decided(name, false)));
    send(from.key(), hearing.answer());
    keepBeating();
  }

  private void wake(String name) {
    Optional.ofNullable(groups.get(name)).ifPresent(Group::ended);
  }

  private void forget(Hearing hearing) {
    hearings.remove(hearing.host().id());
    hearing.groups().forEach(this::wake);
  }

  private void onAnswer(Peer from, HostAnswer answer) {
    Telling telling = tellings.get(from.key());
    if (telling != null && answer.boot() == self.boot() && telling.isNew(answer)) {
      answers.put(from.id(), new Contact(from, answer.sentNanos()));
      if (telling.take(answer)) {
        telling.groups().forEach(this::settle);
      }
    }
  }

  private void send(MemberId to, HostMessage message) {
    transport.send(
        to.node(),
        Lane.CONTROL,
        MessageCodec.encode(
            new Envelope(ClusterId.NONE, Envelope.ALL_GROUPS, self, to.node(), to.incarnation()),
            message));
  }

  // Time.

  private void keepBeating() {
    if (timer.isEmpty() && !stopped && !(tellings.isEmpty() && hearings.isEmpty())) {
      timer = Optional.of(environment.schedule(beatNanos, () -> mailbox.post(this::beat)));
    }
  }

  private void beat() {
    timer = Optional.empty();
    if (stopped) {
      return;
    }
    long now = environment.nanoTime();
    for (Map.Entry<MemberId, Telling> to : List.copyOf(tellings.entrySet())) {
      Telling telling = to.getValue();
      boolean lost = telling.isLost(now, patienceNanos);
      if (lost) {
        telling.groups().forEach(this::end);
      }
      if (lost || telling.isOver()) {
        tellings.remove(to.getKey());
      } else {
        send(to.getKey(), telling.beat(now));
      }
    }
    List.copyOf(hearings.values()).stream()
        .filter(hearing -> hearing.isLost(now, patienceNanos))
        .forEach(this::forget);
    keepBeating();
  }

  // Ends.

  /** Says nothing any more. */
  void stop() {
    mailbox.post(this::halt);
  }

  private void halt() {
    stopped = true;
    timer.ifPresent(Environment.Timer::cancel);
    timer = Optional.empty();
  }

  /** Without this no group may rest: what did goes on as before there was any rest. */
  private void fail(Throwable cause) {
    LOG.log(Level.ERROR, "groups of host " + self.id() + " do not rest any more", cause);
    halt();
    offers.clear();
    tellings.clear();
    hearings.clear();
    groups.values().forEach(Group::ended);
  }
}
