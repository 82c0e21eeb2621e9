package dev.quorate.raft.engine.routing;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.ClientMessage.News;
import dev.quorate.raft.engine.message.ClusterId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/**
 * Brings a client's calls to the cluster and their ends back.
 *
 * <p>One link at a time is <em>current</em>: what is new goes there. It is the leader's where that
 * is known and can be reached; else any node's that knows a leader, which forwards. Another link,
 * the <em>candidate</em>, is opened when there is no current one, or a better one may be had. A
 * link that is no longer current stays until it is idle. Calls wait here, in their order, for a
 * current link whose node knows a leader, so that what is sent has somewhere to go.
 *
 * <p>When a link ends, a read that was on its way there is sent elsewhere, and a command ends as
 * unknown: it may be in the log (rule P10). A command is sent again only if the node has answered
 * that it certainly was not appended, for a reason that another node or moment may not have.
 *
 * <p>Feed it inputs, each with the time. It is not safe for use by several threads.
 */
public final class Router {

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** From the attempt to connect to the first news. Transports give up earlier. */
  private static final long SERVE_BY_NANOS = 3_000 * NANOS_PER_MILLI;

  /** How long nobody is believed that a node leads to which the link was just lost. */
  private static final long SUSPICION_NANOS = 1_000 * NANOS_PER_MILLI;

  private static final long FIRST_PAUSE_NANOS = 10 * NANOS_PER_MILLI;
  private static final int MAX_PAUSE_DOUBLINGS = 6;

  /** A node ends a call that much earlier than its caller, so that its answer arrives in time. */
  private static final long MAX_MARGIN_NANOS = 50 * NANOS_PER_MILLI;

  private static final int MARGIN_PARTS = 8;

  private static final Comparator<Pending> BY_DEADLINE =
      Comparator.comparingLong(Pending::deadlineNanos).thenComparingLong(Pending::number);
  private static final Comparator<Pending> BY_PAUSE =
      Comparator.<Pending>comparingLong(call -> call.notBeforeNanos)
          .thenComparingLong(Pending::number);

  private final String group;
  private final Steering steering;
  private final NodeBook book;
  private final LongPredicate budget;
  private final TreeMap<Long, Route> routes = new TreeMap<>();
  private final TreeSet<Pending> byDeadline = new TreeSet<>(BY_DEADLINE);
  private final TreeMap<Long, Pending> ready = new TreeMap<>();
  private final TreeMap<Long, Pending> readyAnywhere = new TreeMap<>();
  private final TreeSet<Pending> paused = new TreeSet<>(BY_PAUSE);

  private ClusterId clusterId = ClusterId.NONE;
  private Optional<Route> current = Optional.empty();
  private Optional<Route> candidate = Optional.empty();
  private Optional<NodeId> suspect = Optional.empty();
  private long suspectTerm;
  private long suspectUntilNanos = Long.MIN_VALUE;
  private String trouble = "no node was reached yet";
  private long lastLink;
  private long blockedUntilNanos = Long.MIN_VALUE;

  /** What was due by then has been seen to. */
  private long seenToNanos = Long.MIN_VALUE;

  private boolean stopped;

  /**
   * A router without a link.
   *
   * @param group the group whose calls it brings
   * @param given addresses of nodes, at least one
   * @param budget whether something may be sent again at a time; takes a repetition then
   */
  public Router(
      String group,
      List<Address> given,
      LongPredicate budget,
      RandomGenerator random,
      Steering steering) {
    this.group = group;
    this.steering = steering;
    this.book = new NodeBook(given, random);
    this.budget = budget;
  }

  /** A call. Its number is greater than those before it; its wait is of no meaning yet. */
  public void call(ClientMessage.Call call, long deadlineNanos, long nowNanos) {
    Pending pending = new Pending(call, deadlineNanos);
    byDeadline.add(pending);
    queue(pending);
    pump(nowNanos);
  }

  /** A link opened. */
  public void onOpen(long link, long nowNanos) {
    if (routes.containsKey(link)) {
      steering.send(link, new ClientMessage.Hello(clusterId, group));
    }
    pump(nowNanos);
  }

  /** A node said something. */
  public void onMessage(long link, ClientMessage message, long nowNanos) {
    Route route = routes.get(link);
    if (route == null) {
      return;
    }
    if (message instanceof News news) {
      onNews(route, news, nowNanos);
    } else if (message instanceof ClientMessage.Refusal refusal) {
      refuse(route, refusal.text(), nowNanos);
    } else if (message instanceof ClientMessage.Submitted submitted) {
      onAnswer(route, submitted.number(), submitted, nowNanos);
    } else if (message instanceof ClientMessage.Answered answered) {
      onAnswer(route, answered.number(), answered, nowNanos);
    } else if (message instanceof ClientMessage.Failed failed) {
      onAnswer(route, failed.number(), failed, nowNanos);
    } else {
      refuse(route, "it says what only clients say", nowNanos);
    }
    pump(nowNanos);
  }

  /** A link ended, or never opened. */
  public void onClosed(long link, String reason, long nowNanos) {
    Route route = routes.get(link);
    if (route != null) {
      trouble = route.address + ": " + reason;
      if (route.serves() && route.isLeaders()) {
        suspect = route.news.get().leader();
        suspectTerm = route.news.get().term();
        suspectUntilNanos = nowNanos + SUSPICION_NANOS;
      }
      book.avoid(route.address, nowNanos);
      lose(route, nowNanos);
    }
    pump(nowNanos);
  }

  /** Time has passed. */
  public void onWakeUp(long nowNanos) {
    pump(nowNanos);
  }

  /**
   * When {@link #onWakeUp} is wanted. That may have passed: what fell due after anything was last
   * told here has not been seen to.
   */
  public long nextWakeUp() {
    if (stopped) {
      return Long.MAX_VALUE;
    }
    long next = byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.first().deadlineNanos();
    if (!paused.isEmpty()) {
      next = Math.min(next, paused.first().notBeforeNanos);
    }
    if (blockedUntilNanos > seenToNanos) {
      next = Math.min(next, blockedUntilNanos);
    }
    if (suspect.isPresent()) {
      next = Math.min(next, suspectUntilNanos);
    }
    return Math.min(
        next, candidate.map(it -> it.serveByNanos).orElse(book.nextDueNanos(seenToNanos)));
  }

  /** The client ends: every call ends now, and every link. */
  public void stop(RejectReason reason, String message) {
    stopped = true;
    for (Pending call : List.copyOf(byDeadline)) {
      end(
          call,
          call.inFlight
              ? call.lost(reason, message)
              : call.refused(new Pending.Refusal(reason, message)));
    }
    List.copyOf(routes.values()).forEach(this::drop);
  }

  // What nodes say.

  private void onNews(Route route, News news, long nowNanos) {
    if (isForeign(news.clusterId())) {
      refuse(
          route,
          "node "
              + news.node()
              + " is of cluster "
              + news.clusterId()
              + ", this client's cluster is "
              + clusterId,
          nowNanos);
      return;
    }
    if (!news.clusterId().equals(ClusterId.NONE)) {
      clusterId = news.clusterId();
    }
    boolean first = route.news.isEmpty();
    route.news = Optional.of(news);
    book.learn(news);
    if (first) {
      choose(route, nowNanos);
    }
  }

  private boolean isForeign(ClusterId other) {
    return !other.equals(ClusterId.NONE)
        && !clusterId.equals(ClusterId.NONE)
        && !other.equals(clusterId);
  }

  /** The candidate serves: it becomes the current link, unless the one that there is is as good. */
  private void choose(Route route, long nowNanos) {
    candidate = Optional.empty();
    boolean better =
        current.isEmpty()
            || route.isLeaders()
            || knowsLeader(route, nowNanos) && !knowsLeader(current.get(), nowNanos);
    if (better) {
      book.reached(route.address);
      Optional<Route> before = current;
      current = Optional.of(route);
      before.filter(Route::isIdle).ifPresent(this::drop);
    } else {
      book.avoid(route.address, nowNanos);
      drop(route);
    }
  }

  /** Whether what is sent to a node has somewhere to go, as far as can be known. */
  private boolean knowsLeader(Route route, long nowNanos) {
    News news = route.news.orElseThrow();
    boolean suspected =
        suspect.isPresent()
            && news.leader().equals(suspect)
            && news.term() <= suspectTerm
            && suspectUntilNanos > nowNanos;
    return news.leader().isPresent() && (!suspected || route.isLeaders());
  }

  private void refuse(Route route, String reason, long nowNanos) {
    trouble = route.address + ": " + reason;
    book.avoidLong(route.address, nowNanos);
    steering.refused(route.address, reason);
    steering.disconnect(route.link);
    lose(route, nowNanos);
  }

  private void onAnswer(Route route, long number, ClientMessage answer, long nowNanos) {
    Optional<Pending> answered = route.done(number);
    if (answered.isPresent()) {
      Pending call = answered.get();
      Optional<Pending.Refusal> refusal = Pending.refusalIn(answer);
      refusal.ifPresent(why -> judge(route, why.reason(), nowNanos));
      if (byDeadline.contains(call)) {
        call.inFlight = false;
        if (refusal.isEmpty()) {
          end(call, answer);
        } else if (!isWorthRepeating(refusal.get().reason()) || !repeat(call, refusal, nowNanos)) {
          end(call, call.refused(ofCluster(refusal.get())));
        }
      }
    }
    if (route.isIdle() && !isCurrent(route)) {
      drop(route);
    }
  }

  /** A node that says that it is of no use itself is left. */
  private void judge(Route route, RejectReason reason, long nowNanos) {
    switch (reason) {
      case NOT_A_MEMBER, DEGRADED, CLOSED -> {
        route.unfit = true;
        trouble = route.address + ": " + reason;
        book.avoid(route.address, nowNanos);
        if (isCurrent(route)) {
          current = Optional.empty();
        }
      }
      default -> {
        // That is not the node's fault.
      }
    }
  }

  /** Reasons that another node, or the same one a moment later, may not have. */
  private static boolean isWorthRepeating(RejectReason reason) {
    return switch (reason) {
      case NO_LEADER, NOT_A_MEMBER, DEGRADED, CLOSED, TRANSFERRING, SUPERSEDED -> true;
      default -> false;
    };
  }

  /** That a node closes is nothing that a client's user could do anything with. */
  private static Pending.Refusal ofCluster(Pending.Refusal refusal) {
    return refusal.reason() == RejectReason.CLOSED
        ? new Pending.Refusal(RejectReason.NO_LEADER, "the last node asked: " + refusal.message())
        : refusal;
  }

  private boolean repeat(Pending call, Optional<Pending.Refusal> why, long nowNanos) {
    if (!budget.test(nowNanos)) {
      return false;
    }
    call.refusal = why;
    long pause = FIRST_PAUSE_NANOS << Math.min(call.failures, MAX_PAUSE_DOUBLINGS);
    call.failures++;
    call.notBeforeNanos = nowNanos + pause;
    paused.add(call);
    return true;
  }

  /** A link is gone, with what was on its way. */
  private void lose(Route route, long nowNanos) {
    routes.remove(route.link);
    current = current.filter(it -> it != route);
    candidate = candidate.filter(it -> it != route);
    for (Pending call : route.drain().values()) {
      if (byDeadline.contains(call)) {
        call.inFlight = false;
        String message = "the connection to the node was lost; " + trouble;
        if (!call.isRead()) {
          end(call, call.lost(RejectReason.NO_LEADER, message));
        } else if (!repeat(call, Optional.empty(), nowNanos)) {
          end(call, call.lost(RejectReason.NO_LEADER, message));
        }
      }
    }
  }

  private void drop(Route route) {
    routes.remove(route.link);
    current = current.filter(it -> it != route);
    candidate = candidate.filter(it -> it != route);
    steering.disconnect(route.link);
  }

  private boolean isCurrent(Route route) {
    return current.filter(it -> it == route).isPresent();
  }

  private void end(Pending call, ClientMessage end) {
    byDeadline.remove(call);
    ready.remove(call.number());
    readyAnywhere.remove(call.number());
    paused.remove(call);
    steering.end(end);
  }

  // What is to be done.

  private void pump(long nowNanos) {
    if (stopped) {
      return;
    }
    seenToNanos = nowNanos;
    passDeadlines(nowNanos);
    while (!paused.isEmpty() && nowNanos - paused.first().notBeforeNanos >= 0) {
      queue(paused.pollFirst());
    }
    if (suspectUntilNanos <= nowNanos) {
      suspect = Optional.empty();
    }
    seek(nowNanos);
    send(nowNanos);
  }

  private void queue(Pending call) {
    (call.needsNoLeader() ? readyAnywhere : ready).put(call.number(), call);
  }

  private void passDeadlines(long nowNanos) {
    while (!byDeadline.isEmpty() && nowNanos - byDeadline.first().deadlineNanos() >= 0) {
      Pending call = byDeadline.first();
      if (call.inFlight) {
        end(call, call.lost(RejectReason.TIMED_OUT, "the deadline passed before an answer came"));
      } else {
        end(call, call.refused(call.refusal.map(Router::ofCluster).orElseGet(this::notSent)));
      }
    }
  }

  private Pending.Refusal notSent() {
    return current.isPresent() && current.get().news.get().leader().isPresent()
        ? new Pending.Refusal(
            RejectReason.OVER_LIMIT,
            "the deadline passed while as many calls were under way as a node takes")
        : new Pending.Refusal(
            RejectReason.NO_LEADER,
            "no node that knows a leader was reached before the deadline; last: " + trouble);
  }

  /** Opens a link if there is none, or may be a better one. */
  private void seek(long nowNanos) {
    if (candidate.isPresent()) {
      Route route = candidate.get();
      if (nowNanos - route.serveByNanos < 0) {
        return;
      }
      trouble = route.address + ": it did not answer";
      book.avoid(route.address, nowNanos);
      drop(route);
    }
    Optional<Address> next =
        current.isEmpty() ? book.next(Optional.empty(), nowNanos) : better(nowNanos);
    next.ifPresent(
        address -> {
          Route route = new Route(++lastLink, address, nowNanos + SERVE_BY_NANOS);
          book.trying(address);
          routes.put(route.link, route);
          candidate = Optional.of(route);
          steering.connect(route.link, address);
        });
  }

  private Optional<Address> better(long nowNanos) {
    Route route = current.orElseThrow();
    if (!knowsLeader(route, nowNanos)) {
      return book.next(Optional.of(route.address), nowNanos);
    }
    boolean there = book.leader().equals(Optional.of(route.news.orElseThrow().node()));
    return there
        ? Optional.empty()
        : book.leaderAddress(nowNanos).filter(address -> !address.equals(route.address));
  }

  private void send(long nowNanos) {
    if (current.isEmpty() || blockedUntilNanos > nowNanos) {
      return;
    }
    Route route = current.get();
    List<Iterator<Pending>> queues = new ArrayList<>();
    if (knowsLeader(route, nowNanos)) {
      queues.add(ready.values().iterator());
    }
    queues.add(readyAnywhere.values().iterator());
    for (Iterator<Pending> queue : queues) {
      while (queue.hasNext() && blockedUntilNanos <= nowNanos) {
        Pending call = queue.next();
        if (!route.hasRoomFor(call.bytes())) {
          return;
        }
        if (steering.send(route.link, call.message(waitMillis(call, nowNanos)))) {
          queue.remove();
          call.inFlight = true;
          route.sent(call);
        } else {
          blockedUntilNanos = nowNanos + FIRST_PAUSE_NANOS;
        }
      }
    }
  }

  private static long waitMillis(Pending call, long nowNanos) {
    long remaining = call.deadlineNanos() - nowNanos;
    long margin = Math.min(remaining / MARGIN_PARTS, MAX_MARGIN_NANOS);
    return Math.max(1, (remaining - margin) / NANOS_PER_MILLI);
  }
}
