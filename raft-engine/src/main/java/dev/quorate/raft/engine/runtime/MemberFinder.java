package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.engine.codec.ClientCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.ClientMessage.News;
import dev.quorate.raft.engine.message.ClusterId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Finds out who listens at addresses that came without an id. It asks there as a client outside the
 * cluster would, because links between nodes are to an id, and takes what it is told for no more
 * than if it had been given: the node speaks to those ids at those addresses then. It asks for as
 * long as the node waits to be let in, since other nodes may come to listen there. Only for the
 * node loop's turns.
 */
final class MemberFinder {

  private static final long MILLI = 1_000_000;
  private static final long FIRST_PAUSE_NANOS = 200 * MILLI;
  private static final int MAX_PAUSE_DOUBLINGS = 4;

  /** From the attempt to connect to the answer. Transports give up earlier. */
  private static final long ANSWER_BY_NANOS = 3_000 * MILLI;

  /** Whoever was found tells more by itself, as long as it lives. */
  private static final long ASK_AGAIN_NANOS = 10_000 * MILLI;

  private final NodeId self;
  private final String group;
  private final Inquiries inquiries;
  private final ClientTransport transport;
  private final Consumer<Runnable> turns;
  private final Environment environment;
  private final RateLimitedLog log;
  private final RandomGenerator random;
  private final List<Question> questions = new ArrayList<>();
  private Consumer<SortedMap<NodeId, Address>> found = members -> {};

  /** What is asked at one address, again and again. */
  private static final class Question {
    private final Address address;
    private Optional<Attempt> attempt = Optional.empty();
    private Optional<News> news = Optional.empty();
    private String trouble = "no answer yet";
    private int failures;

    /** When it is asked; while it is, when it is given up. */
    private long dueNanos;

    private Question(Address address, long nowNanos) {
      this.address = address;
      this.dueNanos = nowNanos;
    }
  }

  /**
   * Begins to ask.
   *
   * @param self the node that wants to know
   * @param group the group whose members it looks for
   * @param addresses where it asks
   * @param inquiries lend the transport
   * @param turns run what links tell, in the node loop
   */
  MemberFinder(
      NodeId self,
      String group,
      List<Address> addresses,
      Inquiries inquiries,
      Consumer<Runnable> turns,
      Environment environment,
      RateLimitedLog log) {
    this.self = self;
    this.group = group;
    this.inquiries = inquiries;
    this.transport = inquiries.borrow();
    this.turns = turns;
    this.environment = environment;
    this.log = log;
    this.random = environment.random();
    long now = environment.nanoTime();
    addresses.forEach(address -> questions.add(new Question(address, now)));
  }

  /** Who is told all that was found, whenever that is more or something else than before. */
  void onFound(Consumer<SortedMap<NodeId, Address>> listener) {
    found = listener;
  }

  /** Asks where it is time to, and gives up where nobody answered in time. */
  void onWakeUp(long nowNanos) {
    for (Question question : questions) {
      if (nowNanos - question.dueNanos < 0) {
        continue;
      }
      if (question.attempt.isPresent()) {
        fail(question, "it did not answer", nowNanos);
      } else {
        Attempt attempt = new Attempt(question);
        question.attempt = Optional.of(attempt);
        question.dueNanos = nowNanos + ANSWER_BY_NANOS;
        attempt.link = Optional.of(transport.connect(question.address, attempt));
      }
    }
  }

  /** When {@link #onWakeUp} is wanted next. */
  long nextWakeUp() {
    return questions.stream().mapToLong(it -> it.dueNanos).min().orElse(Long.MAX_VALUE);
  }

  /** Where nobody was found, and why, for people; empty if somebody was everywhere. */
  String trouble() {
    List<String> all = new ArrayList<>();
    for (Question question : questions) {
      if (!question.trouble.isEmpty()) {
        all.add(question.address + " (" + question.trouble + ")");
      }
    }
    return String.join(", ", all);
  }

  /** Asks no more, and gives the transport back. */
  void close() {
    questions.forEach(MemberFinder::end);
    questions.clear();
    inquiries.giveBack();
  }

  private static void end(Question question) {
    question.attempt.flatMap(it -> it.link).ifPresent(Link::close);
    question.attempt = Optional.empty();
  }

  private void fail(Question question, String why, long nowNanos) {
    end(question);
    long pause = FIRST_PAUSE_NANOS << Math.min(question.failures, MAX_PAUSE_DOUBLINGS);
    question.failures++;
    question.dueNanos = nowNanos + jitter(pause);
    if (!why.equals(question.trouble)) {
      question.trouble = why;
      log.warn(
          "asked " + question.address,
          "node " + self + " found no member to join at " + question.address + ": " + why);
    }
  }

  /** From three quarters to five quarters of a pause, so that nodes do not march in step. */
  private long jitter(long nanos) {
    return nanos * 3 / 4 + random.nextLong(nanos / 2);
  }

  private void onAnswer(Question question, ClientMessage answer) {
    long now = environment.nanoTime();
    if (answer instanceof ClientMessage.Refusal refusal) {
      fail(question, refusal.text(), now);
    } else if (!(answer instanceof News news)) {
      fail(question, "it said what nobody had asked", now);
    } else if (news.node().equals(self)) {
      fail(question, "that is " + self + " itself", now);
    } else if (news.clusterId().equals(ClusterId.NONE)) {
      fail(question, news.node() + " is in no cluster itself yet", now);
    } else {
      end(question);
      question.failures = 0;
      question.trouble = "";
      question.dueNanos = now + jitter(ASK_AGAIN_NANOS);
      if (!question.news.equals(Optional.of(news))) {
        question.news = Optional.of(news);
        found.accept(members());
      }
    }
  }

  /** Those who answered are where they did, all others where they are said to be. */
  private SortedMap<NodeId, Address> members() {
    SortedMap<NodeId, Address> members = new TreeMap<>();
    for (Question question : questions) {
      question.news.stream()
          .flatMap(news -> news.members().stream().limit(ClientDesk.MAX_MEMBERS))
          .forEach(place -> members.put(place.node(), place.address()));
    }
    for (Question question : questions) {
      question.news.ifPresent(news -> members.put(news.node(), question.address));
    }
    members.remove(self);
    return members;
  }

  /** Hears of one link, in the transport's threads, and passes it on to turns. */
  private final class Attempt implements LinkListener {
    private final Question question;
    private Optional<Link> link = Optional.empty();

    Attempt(Question question) {
      this.question = question;
    }

    /** Of a link that was left before, nothing counts any more. */
    private void inTurn(Runnable event) {
      turns.accept(
          () -> {
            if (question.attempt.filter(it -> it == this).isPresent()) {
              event.run();
            }
          });
    }

    private void failInTurn(String why) {
      inTurn(() -> fail(question, why, environment.nanoTime()));
    }

    @Override
    public void onOpen() {
      ClientMessage hello = new ClientMessage.Hello(ClusterId.NONE, group);
      inTurn(() -> link.ifPresent(it -> it.send(Lane.CONTROL, ClientCodec.encode(hello))));
    }

    @Override
    public void onFrame(ByteBuffer frame) {
      try {
        ClientMessage message = ClientCodec.decode(frame);
        inTurn(() -> onAnswer(question, message));
      } catch (DecodeException e) {
        failInTurn("it sent a malformed frame: " + e.getMessage());
      }
    }

    @Override
    public void onClosed(String reason) {
      failInTurn(reason);
    }
  }
}
