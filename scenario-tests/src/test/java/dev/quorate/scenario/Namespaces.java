package dev.quorate.scenario;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two hosts in network namespaces of their own, on a bridge in a third one, so that nothing can
 * leak into the machine's own network. Their names are unique to this process.
 */
final class Namespaces implements TwoHosts {
  private static final int HOSTS = 2;
  private static int made;

  private final String hub;
  private final List<String> hosts = new ArrayList<>();

  private Namespaces(String name) {
    this.hub = name + "-hub";
    for (int host = 1; host <= HOSTS; host++) {
      hosts.add(name + "-m" + host);
    }
  }

  /** Why there can be none here; empty if there can. */
  static Optional<String> missing() throws InterruptedException {
    return "root".equals(System.getProperty("user.name"))
        ? SystemCommand.missing("ip", "netns", "list")
        : Optional.of("network namespaces need root");
  }

  static Namespaces make() throws IOException, InterruptedException {
    made++;
    Namespaces all = new Namespaces("q" + ProcessHandle.current().pid() + "-" + made);
    boolean whole = false;
    try {
      all.build();
      whole = true;
    } finally {
      if (!whole) {
        all.close();
      }
    }
    return all;
  }

  private void build() throws IOException, InterruptedException {
    ip("netns", "add", hub);
    ip("-n", hub, "link", "add", "br0", "type", "bridge");
    ip("-n", hub, "link", "set", "br0", "up");
    for (int host = 1; host <= HOSTS; host++) {
      String name = hosts.get(host - 1);
      ip("netns", "add", name);
      ip(
          "link",
          "add",
          port(host),
          "netns",
          hub,
          "type",
          "veth",
          "peer",
          "name",
          "eth0",
          "netns",
          name);
      ip("-n", hub, "link", "set", port(host), "master", "br0");
      ip("-n", hub, "link", "set", port(host), "up");
      ip("-n", name, "addr", "add", address(host) + "/24", "brd", "+", "dev", "eth0");
      ip("-n", name, "link", "set", "eth0", "up");
      ip("-n", name, "link", "set", "lo", "up");
    }
  }

  private static String port(int host) {
    return "v" + host;
  }

  @Override
  public String address(int host) {
    return "198.18.0." + host;
  }

  @Override
  public List<String> prefix(int host) {
    return List.of("ip", "netns", "exec", hosts.get(host - 1));
  }

  /** The second host is not told where the first one is: it finds it. */
  @Override
  public List<String> options(int host) {
    return host == 1
        ? List.of("--machine-id", "1", "--peer-ip", address(2))
        : List.of("--machine-id", "2");
  }

  @Override
  public void cut() throws IOException, InterruptedException {
    ip("-n", hub, "link", "set", port(1), "down");
  }

  @Override
  public void heal() throws IOException, InterruptedException {
    ip("-n", hub, "link", "set", port(1), "up");
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    SystemCommand.run(command.toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    try {
      for (String host : hosts) {
        SystemCommand.failureOf("ip", "netns", "del", host);
      }
      SystemCommand.failureOf("ip", "netns", "del", hub);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
