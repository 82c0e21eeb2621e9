package dev.quorate.chat.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two hosts in network namespaces of their own, on a bridge in a third one, so that nothing can
 * leak into the machine's own network. Their names are unique to this process.
 */
final class Namespaces implements AutoCloseable {
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
  static Optional<String> missing() throws IOException, InterruptedException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("network namespaces need root");
    }
    try {
      return run("ip", "netns", "list").isEmpty()
          ? Optional.empty()
          : Optional.of("this system has no network namespaces");
    } catch (IOException e) {
      return Optional.of("the command 'ip' is missing");
    }
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

  /** The address of host 1 or 2. */
  static String address(int host) {
    return "198.18.0." + host;
  }

  /** What puts a command into host 1 or 2; it becomes that command, so their ids are the same. */
  List<String> prefix(int host) {
    return List.of("ip", "netns", "exec", hosts.get(host - 1));
  }

  /** Cuts a host off. */
  void cut(int host) throws IOException, InterruptedException {
    ip("-n", hub, "link", "set", port(host), "down");
  }

  /** Connects it again. */
  void heal(int host) throws IOException, InterruptedException {
    ip("-n", hub, "link", "set", port(host), "up");
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Optional<String> failure = run(command.toArray(String[]::new));
    if (failure.isPresent()) {
      throw new IOException(failure.get());
    }
  }

  private static Optional<String> run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0
        ? Optional.empty()
        : Optional.of(String.join(" ", command) + ": " + output.strip());
  }

  /** Removes them; the processes in them must have ended. */
  @Override
  public void close() throws IOException {
    try {
      for (String host : hosts) {
        run("ip", "netns", "del", host);
      }
      run("ip", "netns", "del", hub);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
