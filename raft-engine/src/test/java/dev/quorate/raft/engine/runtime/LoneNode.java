package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.codec.ClientCodec;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.Proposal;
import dev.quorate.raft.engine.session.SessionTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a client takes for the leader of a cluster: a table of sessions that answers at once, in the
 * test's own thread and time, and tells the truth or not enough of it.
 */
final class LoneNode implements TransportProvider, ClientTransport {

  private static final NodeId ID = NodeId.of("n1");
  private static final Address ADDRESS = new Address("host1", 7001);
  private static final int WINDOW = 8;
  private static final long ONE_HOUR = 3_600_000;

  /** What becomes of what it is asked. */
  enum Mood {
    WORKS,
    /** It may have done it or not, and does not know. */
    DOUBTS,
    REFUSES
  }

  Mood mood = Mood.WORKS;

  /** How many submissions came, of all kinds. */
  int asked;

  /** How many of them it said that it did. */
  int successes;

  /** Whether whoever had it as a transport has closed it. */
  boolean closed;

  /** What it applied. */
  final List<String> applied = new ArrayList<>();

  private final ManualEnvironment environment;
  private final SplittableRandom random = new SplittableRandom(7);
  private final SessionTable table = new SessionTable();
  private long lastIndex;

  LoneNode(ManualEnvironment environment) {
    this.environment = environment;
    apply(
        LogEntry.Type.SETTINGS,
        ClusterSettingsCodec.encode(new ClusterSettings(1, 1_000, WINDOW, 1_000, ONE_HOUR, false)));
  }

  Address address() {
    return ADDRESS;
  }

  @Override
  public String name() {
    return "lone";
  }

  @Override
  public Transport create(TransportContext context) {
    throw new UnsupportedOperationException("it serves only clients");
  }

  @Override
  public ClientTransport client(ClientContext context) {
    return this;
  }

  @Override
  public Link connect(Address address, LinkListener listener) {
    environment.executor().execute(listener::onOpen);
    return new Link() {
      @Override
      public String remote() {
        return ADDRESS.toString();
      }

      @Override
      public boolean send(Lane lane, ByteBuffer frame) {
        ByteBuffer answer = ClientCodec.encode(answer(frame));
        environment.executor().execute(() -> listener.onFrame(answer));
        return true;
      }

      @Override
      public void close() {
        // Nothing is told any more.
      }
    };
  }

  @Override
  public void close() {
    closed = true;
  }

  private ClientMessage answer(ByteBuffer frame) {
    try {
      ClientMessage message = ClientCodec.decode(frame);
      if (message instanceof ClientMessage.Submit submit) {
        return new ClientMessage.Submitted(submit.number(), outcome(submit.proposal()));
      }
      if (message instanceof ClientMessage.Query query) {
        ReadOutcome nothing = new ReadOutcome.Answered(lastIndex, new byte[0]);
        return new ClientMessage.Answered(query.number(), nothing);
      }
      return new ClientMessage.News(
          new ClusterId(1, 2),
          ID,
          5,
          Optional.of(ID),
          1_000,
          1 << 20,
          1,
          List.of(new ClientMessage.Place(ID, ADDRESS)));
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private Outcome outcome(Proposal proposal) {
    asked++;
    if (mood == Mood.REFUSES || mood == Mood.DOUBTS && random.nextBoolean()) {
      return mood == Mood.REFUSES
          ? new Outcome.Rejected(RejectReason.NO_LEADER, "an outage")
          : new Outcome.Unknown("an outage");
    }
    Outcome outcome = apply(proposal.type(), proposal.payload());
    if (mood == Mood.DOUBTS) {
      return new Outcome.Unknown("an outage");
    }
    successes += outcome instanceof Outcome.Applied ? 1 : 0;
    return outcome;
  }

  private Outcome apply(LogEntry.Type type, ByteBuffer payload) {
    LogEntry entry =
        LogEntry.of(type, ++lastIndex, 5, environment.nanoTime() / 1_000_000, 0, payload);
    try {
      return switch (type) {
        case SETTINGS -> table.applySettings(entry);
        case SESSION -> table.apply(entry, this::apply);
        default -> new Outcome.Applied(lastIndex, apply(payload));
      };
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] apply(ByteBuffer command) {
    byte[] bytes = new byte[command.remaining()];
    command.duplicate().get(bytes);
    applied.add(Register.text(bytes));
    return bytes;
  }
}
