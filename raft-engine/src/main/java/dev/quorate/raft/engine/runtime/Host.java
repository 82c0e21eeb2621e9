package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageFailedException;
import dev.quorate.raft.api.storage.UnreadableException;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.engine.core.Time;
import dev.quorate.raft.engine.message.Peer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * What all groups of a process share: its identity, the transport, the storage and its writer.
 * Frames are told apart by their group at the {@link FrameGate}.
 */
final class Host {

  private static final System.Logger LOG = System.getLogger(Host.class.getName());

  private final Environment environment;
  private final Peer self;
  private final Storage storage;
  private final Transport transport;
  private final LogWriter writer;
  private final FrameGate gate;
  private final Pairs pairs;
  private final Candidacies candidacies = new Candidacies();
  private final RateLimitedLog log;
  private final AtomicLong inboxBytes = new AtomicLong();
  private final ConcurrentSkipListMap<String, GroupLog> logs = new ConcurrentSkipListMap<>();
  private final PeerAddresses peers = new PeerAddresses();
  private final Inquiries inquiries;

  private Host(
      Environment environment,
      Peer self,
      Storage storage,
      Transport transport,
      Inquiries inquiries,
      EngineSettings settings,
      RaftMetrics metrics) {
    this.environment = environment;
    this.inquiries = inquiries;
    this.self = self;
    this.storage = storage;
    this.transport = transport;
    this.log = new RateLimitedLog(LOG, environment);
    this.writer = new LogWriter(storage, environment, GuardedMetrics.of(metrics, log), log);
    this.pairs = new Pairs(self, environment, transport, settings);
    this.gate =
        new FrameGate(
            self.id(),
            self.incarnation(),
            new ClientEntrance(settings.clients().max(), log),
            pairs::onMessage,
            log);
  }

  /** Opens the storage and makes the transport, which does not listen yet. */
  static Host open(HostOptions options, EngineSettings settings, Environment environment)
      throws IOException {
    RandomGenerator random = environment.random();
    Storage storage =
        options
            .storage()
            .open(
                new StorageContext(
                    options.directory(),
                    options.cluster(),
                    options.id(),
                    nonZero(random),
                    options.holder(),
                    options.settings()));
    boolean opened = false;
    try {
      Transport transport =
          options
              .transport()
              .create(
                  new TransportContext(
                      options.cluster(),
                      options.id(),
                      options.bind(),
                      settings.maxFrameBytes(),
                      options.settings()));
      Peer self = new Peer(options.id(), storage.incarnation(), nonZero(random));
      ClientContext asking = options.asking(settings.maxFrameBytes());
      Inquiries inquiries = new Inquiries(() -> options.transport().client(asking), environment);
      Host host =
          new Host(environment, self, storage, transport, inquiries, settings, options.metrics());
      opened = true;
      return host;
    } finally {
      if (!opened) {
        closeStorage(storage);
      }
    }
  }

  private static long nonZero(RandomGenerator random) {
    long number;
    do {
      number = random.nextLong();
    } while (number == 0);
    return number;
  }

  Peer self() {
    return self;
  }

  Environment environment() {
    return environment;
  }

  Time now() {
    return new Time(environment.nanoTime(), environment.wallMillis());
  }

  Transport transport() {
    return transport;
  }

  LogWriter writer() {
    return writer;
  }

  FrameGate gate() {
    return gate;
  }

  /** Where groups rest. */
  Pairs pairs() {
    return pairs;
  }

  /** By which groups ask who listens at an address. */
  Inquiries inquiries() {
    return inquiries;
  }

  /** Where groups wait for their turn to ask for votes. */
  Candidacies candidacies() {
    return candidacies;
  }

  RateLimitedLog log() {
    return log;
  }

  /** What a group measures, kept from throwing. */
  RaftMetrics guarded(RaftMetrics ofGroup) {
    return GuardedMetrics.of(ofGroup, log);
  }

  /** Counts the bytes of messages that wait in all groups. */
  AtomicLong inboxBytes() {
    return inboxBytes;
  }

  /** What the storage still takes of each group's commands when its space ends. */
  long reserveBytes() {
    return storage.reserveBytes();
  }

  /** What a group has on the disk. */
  record GroupDisk(GroupLog log, SnapshotStore snapshots) {}

  /**
   * Opens a group's log and snapshots, or what stands in for them if the disk has failed or they
   * are damaged: the node has that to say, which it can only while it runs. The other groups'
   * writes wait meanwhile.
   */
  GroupDisk openDisk(String group) throws IOException {
    try {
      GroupLog log = writer.between(() -> storage.openLog(group));
      logs.put(group, log);
      return new GroupDisk(log, writer.between(() -> storage.openSnapshots(group)));
    } catch (CorruptionException e) {
      return unusable(Hindrance.damage(e.getMessage()));
    } catch (UnreadableException e) {
      return unusable(Hindrance.unreadable(e.getMessage()));
    } catch (StorageFailedException e) {
      return unusable(Hindrance.failure(e, writer.failed(e)));
    }
  }

  private static GroupDisk unusable(Hindrance hindrance) {
    UnusableDisk disk = new UnusableDisk(hindrance);
    return new GroupDisk(disk, disk);
  }

  /** Deletes the data of a group whose log is not open. The other groups' writes wait meanwhile. */
  boolean remove(String group) throws IOException {
    return writer.between(() -> storage.removeGroup(group));
  }

  /** Takes back what a group was given that did not start. */
  void withdraw(String group) {
    gate.close(group);
    pairs.leave(group);
    setPeers(group, Map.of());
    closeLog(group);
  }

  /** Closes the log of a group that has stopped, when everything handed in is written. */
  CompletableFuture<Void> release(String group) {
    CompletableFuture<Void> released = new CompletableFuture<>();
    setPeers(group, Map.of());
    writer.remove(
        group,
        () -> {
          try {
            closeLog(group);
          } finally {
            released.complete(null);
          }
        });
    return released;
  }

  private void closeLog(String group) {
    GroupLog log = logs.remove(group);
    if (log == null) {
      return;
    }
    try {
      writer.between(
          () -> {
            log.close();
            return log;
          });
    } catch (IOException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "closing the log of group " + group + " failed; what was acknowledged is safe",
          e);
    }
  }

  /** Starts to listen. */
  void listen() throws IOException {
    Address bound = transport.start(gate);
    LOG.log(Level.INFO, "node {0} listens at {1}", self.id(), bound);
  }

  /** Says which nodes a group speaks to; the transport connects to those of all groups. */
  synchronized void setPeers(String group, Map<NodeId, Address> ofGroup) {
    if (peers.set(group, ofGroup)) {
      transport.setPeers(peers.without(self.id()));
    }
  }

  /** Closes the transport and, when everything handed in is written, the storage. */
  CompletableFuture<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    environment
        .executor()
        .execute(
            () -> {
              pairs.stop();
              try {
                transport.close();
              } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "closing the transport failed", e);
              } finally {
                writer.stop(
                    () -> {
                      try {
                        closeStorage(storage);
                      } finally {
                        closed.complete(null);
                      }
                    });
              }
            });
    return closed;
  }

  /** Closes what was opened for a node that did not start. */
  void abort() {
    try {
      transport.close();
    } finally {
      closeStorage(storage);
    }
  }

  private static void closeStorage(Storage storage) {
    try {
      storage.close();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "closing the storage failed; what was acknowledged is safe", e);
    }
  }
}
