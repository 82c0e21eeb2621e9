package dev.quorate.chat.demo;

import dev.quorate.chat.demo.console.Console;
import dev.quorate.chat.demo.console.Console.InterruptedByUserException;
import dev.quorate.chat.demo.machine.LocalAddress;
import dev.quorate.chat.demo.machine.PeerDiscovery;
import dev.quorate.chat.demo.machine.PeerDiscovery.Found;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds out the addresses of the two machines: from the options, else from the network, else from
 * the person at the terminal, and never by guessing.
 */
final class MachineFinder implements AutoCloseable {
  private static final Duration SEARCH = Duration.ofSeconds(3);

  private final DemoOptions options;
  private final String cluster;
  private final Console console;
  private final int machine;

  /** Open for as long as the demo runs, so that the other machine can find this one. */
  private PeerDiscovery discovery;

  MachineFinder(DemoOptions options, String cluster, Console console) {
    this.options = options;
    this.cluster = cluster;
    this.console = console;
    this.machine = options.machine().orElseThrow();
  }

  /**
   * The addresses of both machines.
   *
   * @param local this machine's
   * @param peer the other machine's
   */
  record Pair(String local, String peer) {}

  Pair find() throws DemoException, IOException, InterruptedException, InterruptedByUserException {
    Optional<InetAddress> givenLocal = localOption();
    listen(givenLocal);
    InetAddress peer =
        options.peerHost().isPresent()
            ? resolve("--peer-ip", options.peerHost().get())
            : searchOrAsk();
    InetAddress local = givenLocal.isPresent() ? givenLocal.get() : reaching(peer);
    if (local.equals(peer)) {
      throw DemoException.usage(
          "both machines have the address "
              + local.getHostAddress()
              + ": --local-ip and --peer-ip must differ");
    }
    return new Pair(local.getHostAddress(), peer.getHostAddress());
  }

  private Optional<InetAddress> localOption() throws DemoException, IOException {
    if (options.localHost().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(own(options.localHost().get()));
  }

  /** An address that {@code --local-ip} gives, which must be one of this machine's. */
  static InetAddress own(String host) throws DemoException, IOException {
    InetAddress address = resolve("--local-ip", host);
    if (!LocalAddress.isOwn(address)) {
      throw DemoException.usage("--local-ip: " + host + " is no address of this machine");
    }
    return address;
  }

  private static InetAddress resolve(String option, String host) throws DemoException {
    try {
      return LocalAddress.resolve(option, host);
    } catch (UnknownHostException e) {
      throw DemoException.usage(e.getMessage());
    }
  }

  private static InetAddress reaching(InetAddress peer) throws DemoException {
    try {
      return LocalAddress.reaching(peer);
    } catch (IOException e) {
      throw DemoException.failure(
          "cannot reach " + peer.getHostAddress() + " (" + e.getMessage() + ")");
    }
  }

  private void listen(Optional<InetAddress> local) throws DemoException {
    if (local.isPresent() && local.get().isLoopbackAddress()) {
      // There are no broadcasts on it: nobody could find us.
      return;
    }
    try {
      discovery = PeerDiscovery.open(PeerDiscovery.DEFAULT_PORT, local, cluster, machine);
    } catch (IOException e) {
      if (options.peerHost().isEmpty()) {
        throw DemoException.failure(
            "cannot look for the other machine on UDP port "
                + PeerDiscovery.DEFAULT_PORT
                + " ("
                + e.getMessage()
                + "); name it with --peer-ip");
      }
    }
  }

  private InetAddress searchOrAsk()
      throws DemoException, IOException, InterruptedException, InterruptedByUserException {
    while (true) {
      String problem = "There are no broadcasts on a loopback address";
      if (discovery != null) {
        console.print(
            "Looking for machine %d of cluster '%s' in this network (%d s) ..."
                .formatted(3 - machine, cluster, SEARCH.toSeconds()));
        Found found = discovery.search(SEARCH);
        if (found instanceof Found.One one) {
          console.print(
              "Found machine " + (3 - machine) + " at " + one.address().getHostAddress() + ".");
          return one.address();
        }
        problem = ((Found.Not) found).message();
      }
      if (!console.canAsk()) {
        throw DemoException.usage(problem + "; name the other machine with --peer-ip");
      }
      console.print(problem + ".");
      Optional<InetAddress> answer = ask();
      if (answer.isPresent()) {
        return answer.get();
      }
    }
  }

  /** Empty when the person wants another search. */
  private Optional<InetAddress> ask()
      throws DemoException, IOException, InterruptedByUserException {
    String question =
        "Address of machine " + (3 - machine) + " (Enter alone looks again, Ctrl-D gives up):";
    while (true) {
      Optional<String> line = console.ask(question);
      if (line.isEmpty()) {
        throw DemoException.usage("the address of the other machine is missing: --peer-ip");
      }
      if (line.get().isBlank()) {
        return Optional.empty();
      }
      try {
        return Optional.of(LocalAddress.resolve("That", line.get().strip()));
      } catch (UnknownHostException e) {
        console.print(e.getMessage() + ".");
      }
    }
  }

  @Override
  public void close() {
    if (discovery != null) {
      discovery.close();
    }
  }
}
