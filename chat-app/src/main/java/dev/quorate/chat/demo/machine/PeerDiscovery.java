package dev.quorate.chat.demo.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Finds the other machine of a two-machine demo by UDP broadcast, and lets itself be found for as
 * long as it is open.
 *
 * <p>Both machines are symmetrical: whoever comes second is answered by the first, which goes on
 * answering while it waits, asks its user or runs. Only a machine with the other number counts.
 */
public final class PeerDiscovery implements AutoCloseable {
  /** The first port below the nodes' default chat ports. */
  public static final int DEFAULT_PORT = 50050;

  private static final Duration ASK_EVERY = Duration.ofMillis(250);

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Anybody can send datagrams; more senders than this are not remembered. */
  private static final int MAX_OTHERS = 16;

  private final DatagramSocket socket;
  private final Optional<InetAddress> localAddress;
  private final String cluster;
  private final int machine;
  private final String self = String.format("%016x", RANDOM.nextLong());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition heard = lock.newCondition();

  /** Other processes that were heard, by their ids; a machine with two addresses is heard once. */
  private final TreeMap<String, Heard> others = new TreeMap<>();

  /** One process that was heard. */
  private record Heard(int machine, InetAddress address) {}

  /** What a search found. */
  public sealed interface Found {
    /** Exactly one other machine. */
    record One(InetAddress address) implements Found {}

    /** Nobody, or not exactly one other machine; the message says what was heard. */
    record Not(String message) implements Found {}
  }

  private PeerDiscovery(
      DatagramSocket socket, Optional<InetAddress> localAddress, String cluster, int machine) {
    this.socket = socket;
    this.localAddress = localAddress;
    this.cluster = cluster;
    this.machine = machine;
  }

  /**
   * Starts listening, and answering.
   *
   * @param localAddress the address the user gave for this machine; only its network is asked then
   */
  public static PeerDiscovery open(
      int port, Optional<InetAddress> localAddress, String cluster, int machine)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
    try {
      // Several demos on one machine may listen: a broadcast reaches all of them.
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
      channel.bind(new InetSocketAddress(port));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    PeerDiscovery discovery = new PeerDiscovery(channel.socket(), localAddress, cluster, machine);
    Thread listener = new Thread(discovery::listen, "peer-discovery");
    listener.setDaemon(true);
    listener.start();
    return discovery;
  }

  /**
   * Asks who else is there, for the whole of {@code patience}: a second answer must be heard too.
   */
  public Found search(Duration patience) throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (long left = patience.toNanos(); left > 0; left = end - System.nanoTime()) {
      ask();
      lock.lockInterruptibly();
      try {
        long pause = Math.min(left, ASK_EVERY.toNanos());
        while (pause > 0) {
          pause = heard.awaitNanos(pause);
        }
      } finally {
        lock.unlock();
      }
    }
    return judge();
  }

  private Found judge() {
    lock.lock();
    try {
      List<InetAddress> peers =
          others.values().stream()
              .filter(other -> other.machine() != machine)
              .map(Heard::address)
              .distinct()
              .toList();
      if (peers.size() == 1) {
        return new Found.One(peers.get(0));
      }
      if (peers.size() > 1) {
        return new Found.Not(
            "More than one other machine answers for cluster '" + cluster + "': " + names(peers));
      }
      if (!others.isEmpty()) {
        return new Found.Not(
            "Machine "
                + machine
                + " of cluster '"
                + cluster
                + "' runs already, at "
                + names(others.values().stream().map(Heard::address).distinct().toList())
                + "; the other machine needs the other --machine-id");
      }
      return new Found.Not("No other machine of cluster '" + cluster + "' answers in this network");
    } finally {
      lock.unlock();
    }
  }

  private static String names(List<InetAddress> addresses) {
    return String.join(", ", addresses.stream().map(InetAddress::getHostAddress).toList());
  }

  private void ask() throws IOException {
    for (InetAddress target : broadcastAddresses()) {
      try {
        send(Beacon.Kind.ASK, new InetSocketAddress(target, socket.getLocalPort()));
      } catch (SocketException e) {
        // One network out of several is down; nobody is found there, and that is what is said.
        continue;
      }
    }
  }

  private void send(Beacon.Kind kind, InetSocketAddress to) throws IOException {
    byte[] bytes = new Beacon(kind, cluster, machine, self).encode();
    socket.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private List<InetAddress> broadcastAddresses() throws SocketException {
    List<InetAddress> targets = new ArrayList<>();
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      if (!network.isUp() || network.isLoopback()) {
        continue;
      }
      for (InterfaceAddress address : network.getInterfaceAddresses()) {
        boolean asked = localAddress.isEmpty() || localAddress.get().equals(address.getAddress());
        if (asked
            && address.getAddress() instanceof Inet4Address
            && address.getBroadcast() != null) {
          targets.add(address.getBroadcast());
        }
      }
    }
    return targets;
  }

  private void listen() {
    byte[] buffer = new byte[Beacon.MAX_BYTES];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
      } catch (IOException e) {
        // Closed, or the network went away: then nobody can be found any more.
        return;
      }
      Optional<Beacon> beacon = Beacon.decode(packet.getData(), packet.getLength());
      if (beacon.isEmpty()
          || !beacon.get().cluster().equals(cluster)
          || beacon.get().sender().equals(self)) {
        continue;
      }
      hear(beacon.get(), packet.getAddress());
      if (beacon.get().kind() == Beacon.Kind.ASK) {
        answer((InetSocketAddress) packet.getSocketAddress());
      }
    }
  }

  private void answer(InetSocketAddress to) {
    try {
      send(Beacon.Kind.ANSWER, to);
    } catch (IOException e) {
      // The asker asks again in a moment.
      return;
    }
  }

  private void hear(Beacon beacon, InetAddress from) {
    lock.lock();
    try {
      if (others.size() < MAX_OTHERS) {
        others.put(beacon.sender(), new Heard(beacon.machine(), from));
      }
      heard.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      socket.getChannel().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
