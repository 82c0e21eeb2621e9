package dev.quorate.raft.testkit.internal.network;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The links between clients outside the cluster and the machines. As their contract says, frames of
 * one direction arrive in their order, or the link ends: at each end by itself, up to seconds
 * later, and what was under way is lost.
 */
public final class ClientNetwork {

  private static final long MILLI = 1_000_000;
  private static final long MIN_DELAY_NANOS = 50_000;
  private static final long MAX_DELAY_NANOS = 2 * MILLI;
  private static final long MAX_SILENCE_NANOS = 2_000 * MILLI;

  /** A link by which somebody asks is opened, used and ended by then. */
  private static final long MAX_ANSWER_NANOS = 8 * MILLI;

  private static final long LOOK_NANOS = 100 * MILLI;

  private final Network network;
  private final Agenda agenda;
  private final RandomGenerator random;
  private final Trace trace;
  private final Map<Address, NodeId> machines = new HashMap<>();
  private final int breakPercent;
  private final Runnable broke;
  private final List<Connection> connections = new ArrayList<>();

  /** Links over the cables of a network. */
  public ClientNetwork(
      Network network,
      Agenda agenda,
      RandomGenerator random,
      Trace trace,
      List<ListedNode> machines) {
    this(network, agenda, random, trace, 0, () -> {});
    machines.forEach(machine -> this.machines.put(machine.address(), machine.id()));
  }

  /**
   * Links by which machines ask, as clients, who listens at an address.
   *
   * @param breakPercent how many of them break, most before anything is answered
   * @param broke is told of each that did
   */
  public ClientNetwork(
      Network network,
      Agenda agenda,
      RandomGenerator random,
      Trace trace,
      int breakPercent,
      Runnable broke) {
    this.network = network;
    this.agenda = agenda;
    this.random = random;
    this.trace = trace;
    this.breakPercent = breakPercent;
    this.broke = broke;
  }

  /**
   * The transport of a client.
   *
   * @param near the machine beside it: who is cut off from that one is cut off from the client
   * @param outputs takes what the client's process lets out
   * @param process takes what comes in
   */
  public TransportProvider transport(
      NodeId near, Consumer<Runnable> outputs, Consumer<Runnable> process) {
    return new TransportProvider() {
      @Override
      public String name() {
        return "simulated";
      }

      @Override
      public Transport create(TransportContext context) {
        throw new UnsupportedOperationException("a client is no node");
      }

      @Override
      public ClientTransport client(ClientContext context) {
        return new ClientTransport() {
          @Override
          public Link connect(Address address, LinkListener listener) {
            Optional<NodeId> machine = Optional.of(machines.get(address));
            Connection connection = new Connection(near, Optional.empty(), outputs, process);
            connection.target = () -> machine;
            connections.add(connection);
            outputs.accept(() -> connection.open(listener));
            return connection.client;
          }

          @Override
          public void close() {
            connections.stream()
                .filter(connection -> connection.near.equals(near))
                .forEach(connection -> connection.client.close());
          }
        };
      }
    };
  }

  /**
   * The transport of a machine that may ask as a client: its links end with its process, and a
   * machine that moved is not found where it was.
   *
   * @param peers by which it speaks to other nodes
   */
  public TransportProvider besides(
      TransportProvider peers,
      NodeId machine,
      Consumer<Runnable> outputs,
      Consumer<Runnable> process) {
    return new TransportProvider() {
      @Override
      public String name() {
        return peers.name();
      }

      @Override
      public Transport create(TransportContext context) {
        return peers.create(context);
      }

      @Override
      public ClientTransport client(ClientContext context) {
        return new Inquiries(machine, outputs, process);
      }
    };
  }

  /** The links by which one process asks. */
  private final class Inquiries implements ClientTransport {
    private final NodeId machine;
    private final Consumer<Runnable> outputs;
    private final Consumer<Runnable> process;
    private final List<Connection> own = new ArrayList<>();

    private Inquiries(NodeId machine, Consumer<Runnable> outputs, Consumer<Runnable> process) {
      this.machine = machine;
      this.outputs = outputs;
      this.process = process;
    }

    @Override
    public Link connect(Address address, LinkListener listener) {
      Optional<Network.Listener> home = Optional.of(network.listener(machine));
      Connection connection = new Connection(machine, home, outputs, process);
      connection.target = () -> network.machineAt(address);
      connections.add(connection);
      own.removeIf(it -> it.failed);
      own.add(connection);
      outputs.accept(
          () -> {
            connection.open(listener);
            if (random.nextInt(100) < breakPercent) {
              agenda.after(random.nextLong(MAX_ANSWER_NANOS), connection::breakOff);
            }
          });
      return connection.client;
    }

    @Override
    public void close() {
      List.copyOf(own).forEach(connection -> connection.client.close());
    }
  }

  /** Ends a link that is open; tells whether there was one. */
  public boolean breakOne(RandomGenerator source) {
    List<Connection> open = connections.stream().filter(Connection::isOpen).toList();
    if (open.isEmpty()) {
      return false;
    }
    open.get(source.nextInt(open.size())).fail("broken");
    return true;
  }

  private long delay() {
    return MIN_DELAY_NANOS + random.nextLong(MAX_DELAY_NANOS);
  }

  /** One link, whose two ends may learn at different times that it ended. */
  private final class Connection {

    private final NodeId near;
    private final Optional<Network.Listener> home;
    private final End client;
    private Supplier<Optional<NodeId>> target;
    private NodeId machine;
    private End node;
    private Network.Listener server;
    private boolean failed;

    /**
     * A link that nobody has opened.
     *
     * @param home the process at the machine near by that it ends with, if it does
     */
    private Connection(
        NodeId near,
        Optional<Network.Listener> home,
        Consumer<Runnable> outputs,
        Consumer<Runnable> process) {
      this.near = near;
      this.home = home;
      this.client = new End(this, near + "'s client", outputs, process);
    }

    private void open(LinkListener listener) {
      client.listener = listener;
      agenda.after(
          delay(),
          () -> {
            Optional<NodeId> found = target.get();
            machine = found.orElse(null);
            Network.Listener there = found.map(network::listener).orElse(null);
            if (there == null || isCut()) {
              fail(there == null ? "refused" : "no answer");
            } else {
              accept(there);
            }
          });
    }

    private void accept(Network.Listener there) {
      server = there;
      node = new End(this, machine.value(), there.outputs(), there.process());
      there
          .process()
          .accept(
              () -> {
                node.isOpen = true;
                node.listener = there.receiver().onClient(node).orElse(null);
                if (node.listener == null) {
                  node.close();
                  return;
                }
                agenda.after(delay(), () -> client.enter(client::opened));
              });
      look();
    }

    /** Whoever is at the other end of a link notices within a while that nobody is any more. */
    private void look() {
      agenda.after(
          LOOK_NANOS,
          () -> {
            if (!failed) {
              boolean isAlone = home.isPresent() && network.listener(near) != home.get();
              if (network.listener(machine) != server || isAlone) {
                fail("the process is gone");
              } else if (isCut()) {
                fail("silence");
              }
              look();
            }
          });
    }

    private boolean isCut() {
      return !near.equals(machine)
          && (network.isCut(near, machine) || network.isCut(machine, near));
    }

    private boolean isOpen() {
      return !failed && client.isOpen;
    }

    private void breakOff() {
      if (!failed) {
        broke.run();
        fail("broken");
      }
    }

    /** Nothing arrives from now on, and the ends hear of it, each in its time. */
    private void fail(String reason) {
      if (failed) {
        return;
      }
      failed = true;
      connections.remove(this);
      trace.add(Event.LINK, machine, 1, 0, near + "'s client: " + reason);
      agenda.after(random.nextLong(MAX_SILENCE_NANOS), () -> client.ended(reason));
      if (node != null) {
        agenda.after(random.nextLong(MAX_SILENCE_NANOS), () -> node.ended(reason));
      }
    }

    private void carry(End from, ByteBuffer frame) {
      End to = from == client ? node : client;
      long at = Math.max(agenda.now() + delay(), to.lastArrival + 1);
      to.lastArrival = at;
      agenda.after(
          at - agenda.now(),
          () -> {
            if (!failed && !isCut()) {
              trace.add(Event.LINK, machine, 2, frame.remaining(), from.name + " is heard");
              to.enter(() -> to.heard(frame.duplicate()));
            } else {
              fail("silence");
            }
          });
    }
  }

  /** One end of a link. */
  private static final class End implements Link {

    private final Connection connection;
    private final String name;
    private final Consumer<Runnable> outputs;
    private final Consumer<Runnable> process;
    private LinkListener listener;
    private boolean isOpen;
    private boolean hasEnded;
    private long lastArrival;

    private End(
        Connection connection,
        String name,
        Consumer<Runnable> outputs,
        Consumer<Runnable> process) {
      this.connection = connection;
      this.name = name;
      this.outputs = outputs;
      this.process = process;
    }

    private void enter(Runnable action) {
      process.accept(action);
    }

    private void opened() {
      if (!hasEnded) {
        isOpen = true;
        listener.onOpen();
      }
    }

    private void heard(ByteBuffer frame) {
      if (isOpen) {
        listener.onFrame(frame);
      }
    }

    private void ended(String reason) {
      enter(
          () -> {
            if (!hasEnded && listener != null) {
              hasEnded = true;
              isOpen = false;
              listener.onClosed(reason);
            }
          });
    }

    @Override
    public String remote() {
      return "the other end of " + name;
    }

    @Override
    public boolean send(Lane lane, ByteBuffer frame) {
      if (isOpen) {
        outputs.accept(() -> connection.carry(this, frame));
      }
      return isOpen;
    }

    @Override
    public void close() {
      isOpen = false;
      outputs.accept(() -> connection.fail("closed"));
      ended("closed");
    }
  }
}
