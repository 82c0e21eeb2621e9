package dev.quorate.scenario;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Two hosts that are two loopback addresses, in a network namespace that has nothing else, so that
 * the rules that cut them off are no rules of the machine.
 *
 * <p>Whoever connects to a loopback address does so from 127.0.0.1, so addresses do not tell which
 * host a packet comes from. The group that sends it does: each host has one of its own.
 */
final class LoopbackHosts implements TwoHosts {
  /** What nobody uses, one above which the first host's group is. */
  private static final int GROUPS = 61_200;

  private static int made;

  private final String namespace;

  private LoopbackHosts(String namespace) {
    this.namespace = namespace;
  }

  /** Why there can be none here; empty if there can. */
  static Optional<String> missing() throws InterruptedException {
    Optional<String> missing = Namespaces.missing();
    if (missing.isEmpty()) {
      missing = SystemCommand.missing("nft", "--version");
    }
    return missing.isEmpty() ? SystemCommand.missing("setpriv", "--version") : missing;
  }

  static LoopbackHosts make() throws IOException, InterruptedException {
    made++;
    LoopbackHosts hosts =
        new LoopbackHosts("q" + ProcessHandle.current().pid() + "-" + made + "-lo");
    SystemCommand.run("ip", "netns", "add", hosts.namespace);
    boolean whole = false;
    try {
      SystemCommand.run("ip", "-n", hosts.namespace, "link", "set", "lo", "up");
      whole = true;
    } finally {
      if (!whole) {
        hosts.close();
      }
    }
    return hosts;
  }

  @Override
  public List<String> prefix(int host) {
    return List.of(
        "ip",
        "netns",
        "exec",
        namespace,
        "setpriv",
        "--regid",
        Integer.toString(GROUPS + host),
        "--clear-groups");
  }

  @Override
  public List<String> options(int host) {
    return List.of(
        "--machine-id",
        Integer.toString(host),
        "--local-ip",
        address(host),
        "--peer-ip",
        address(3 - host));
  }

  @Override
  public String address(int host) {
    return "127.0.0." + host;
  }

  @Override
  public void cut() throws IOException, InterruptedException {
    nft("add table inet cut");
    nft("add chain inet cut output { type filter hook output priority 0 ; }");
    for (int host = 1; host <= 2; host++) {
      // Only what goes to a server, below the ports of those who ask: the answers inside the
      // second host go to the first one's address, from where all questions come.
      nft(
          "add rule inet cut output meta skgid %d ip daddr %s tcp dport < 32768 drop"
              .formatted(GROUPS + host, address(3 - host)));
    }
  }

  @Override
  public void heal() throws IOException, InterruptedException {
    nft("delete table inet cut");
  }

  private void nft(String command) throws IOException, InterruptedException {
    SystemCommand.run("ip", "netns", "exec", namespace, "nft", command);
  }

  @Override
  public void close() throws IOException {
    try {
      SystemCommand.run("ip", "netns", "del", namespace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
