package dev.quorate.scenario;

import dev.quorate.chat.cluster.ClusterFile;
import dev.quorate.chat.cluster.ClusterFileException;
import dev.quorate.chat.cluster.ClusterNode;
import dev.quorate.chat.demo.process.DataFiles;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The machines on which a scenario runs its demos, and their addresses. Closing it ends every
 * process that was started through it, and nothing else.
 */
final class Site implements AutoCloseable {
  /** Below the ports that systems give to outgoing connections. */
  private static final int LOWEST_PORT = 20_000;

  private static final int PORTS = 10_000;
  private static final int NODES = 5;

  /** A node that the demo does not know. */
  private static final int NEWCOMER = NODES + 1;

  private static final int INITIAL_LEADER = 2;

  /** What the cluster file says. */
  private static final String TRANSPORT = "tcp";

  private static final String STORAGE = "file";

  private final Path directory;
  private final List<Machine> machines;
  private final List<String> hostOfNode;
  private final ClusterFile cluster;

  /** What the nodes use, whatever the cluster file says. */
  private final String transport;

  private final List<Closeable> started = new ArrayList<>();
  private Client client;

  /**
   * A machine, real or not.
   *
   * @param prefix what puts a command onto it
   * @param options what tells a demo that it is this one
   */
  private record Machine(List<String> prefix, List<String> options) {}

  private Site(Path directory, List<Machine> machines, List<String> hostOfNode, String transport)
      throws IOException {
    this(directory, machines, hostOfNode, transport, Map.of());
  }

  private Site(
      Path directory,
      List<Machine> machines,
      List<String> hostOfNode,
      String transport,
      Map<String, String> settings)
      throws IOException {
    this.directory = directory;
    this.machines = machines;
    this.hostOfNode = hostOfNode;
    this.transport = transport;
    int base = freePorts();
    this.cluster =
        new ClusterFile(
            // Nobody else in the network has this name, should one be looked for.
            "chat-" + ProcessHandle.current().pid() + "-" + base,
            IntStream.rangeClosed(1, NODES)
                .mapToObj(
                    id -> new ClusterNode(id, hostOfNode.get(id - 1), base + id, base + NODES + id))
                .toList(),
            TRANSPORT,
            STORAGE,
            INITIAL_LEADER,
            settings);
    cluster.write(file());
  }

  /** All nodes on this machine. */
  static Site oneMachine(Path directory, String transport) throws IOException {
    return oneMachine(directory, transport, Map.of());
  }

  /** All nodes on this machine, with settings of their own. */
  static Site oneMachine(Path directory, String transport, Map<String, String> settings)
      throws IOException {
    return new Site(
        directory,
        List.of(new Machine(List.of(), List.of())),
        hosts("127.0.0.1", "127.0.0.1"),
        transport,
        settings);
  }

  /** Two demos on this machine, each with a loopback address of its own. */
  static Site twoAddresses(Path directory, String transport) throws IOException {
    String first = "127.0.0.1";
    String second = "127.0.0.2";
    return new Site(
        directory,
        List.of(
            new Machine(
                List.of(), List.of("--machine-id", "1", "--local-ip", first, "--peer-ip", second)),
            new Machine(
                List.of(), List.of("--machine-id", "2", "--local-ip", second, "--peer-ip", first))),
        hosts(first, second),
        transport);
  }

  /** The same, but the first demo does not know where the second one is. */
  static Site twoAddressesToBeFound(Path directory, String transport) throws IOException {
    String first = "127.0.0.1";
    String second = "127.0.0.2";
    return new Site(
        directory,
        List.of(
            new Machine(List.of(), List.of("--machine-id", "1")),
            new Machine(
                List.of(), List.of("--machine-id", "2", "--local-ip", second, "--peer-ip", first))),
        hosts(first, second),
        transport);
  }

  /** Two demos, each on a host of its own. */
  static Site twoHosts(Path directory, TwoHosts hosts, String transport) throws IOException {
    return new Site(
        directory,
        List.of(
            new Machine(hosts.prefix(1), hosts.options(1)),
            new Machine(hosts.prefix(2), hosts.options(2))),
        hosts(hosts.address(1), hosts.address(2)),
        transport);
  }

  private static List<String> hosts(String first, String second) {
    return List.of(first, first, second, second, second);
  }

  private static int freePorts() throws IOException {
    SplittableRandom random = new SplittableRandom();
    while (true) {
      int base = LOWEST_PORT + random.nextInt(PORTS);
      boolean free = true;
      for (int port = base + 1; free && port <= base + 2 * NEWCOMER; port++) {
        free = isFree("127.0.0.1", port) && isFree("127.0.0.2", port);
      }
      if (free) {
        return base;
      }
    }
  }

  private static boolean isFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The cluster file. */
  private Path file() {
    return directory.resolve("cluster.json");
  }

  int machines() {
    return machines.size();
  }

  /** The machine, counted from 0, whose demo a node belongs to. */
  int machineOf(int node) {
    return machines.size() == 1 || node <= 2 ? 0 : 1;
  }

  /** Where clients reach a node. */
  String address(int node) {
    return hostOfNode.get(node - 1) + ":" + cluster.nodes().get(node - 1).chatPort();
  }

  /** Where clients reach the sixth node. */
  String newcomersAddress() {
    return newcomer().chatAddress().toString();
  }

  private ClusterNode newcomer() {
    int ports = cluster.nodes().get(NODES - 1).raftPort();
    return new ClusterNode(NEWCOMER, hostOfNode.get(0), ports + 1, ports + 2);
  }

  List<String> addresses() {
    return IntStream.rangeClosed(1, NODES).mapToObj(this::address).toList();
  }

  /** Where a node of a machine keeps its data. */
  Path data(int node) {
    return home(machineOf(node)).resolve("data").resolve("node_" + node);
  }

  private Path home(int machine) {
    return directory.resolve("machine_" + (machine + 1));
  }

  /** Starts the demo of a machine, through pipes. */
  DemoProcess start(int machine, String... options) throws IOException, InterruptedException {
    return started(
        DemoProcess.start(
            name(machine),
            machines.get(machine).prefix(),
            Files.createDirectories(home(machine)),
            options(machine, options)));
  }

  /** Starts the demo of a machine at a terminal. */
  TerminalProcess startAtTerminal(int machine, String... options) throws IOException {
    return started(
        TerminalProcess.start(
            name(machine), Files.createDirectories(home(machine)), options(machine, options)));
  }

  /** Starts a sixth node on the first machine, which waits to be added. */
  LineProcess startNewcomer() throws IOException {
    return started(
        command("node", "--id", Integer.toString(NEWCOMER), "--join", "--cluster", newcomers()));
  }

  /** Runs {@code bin/chat member} on the first machine. */
  LineProcess member(String change) throws IOException {
    return started(command("member", change, Integer.toString(NEWCOMER), "--cluster", newcomers()));
  }

  private LineProcess command(String name, String... options) throws IOException {
    Machine machine = machines.get(0);
    List<String> command = new ArrayList<>(machine.prefix());
    command.add(DemoProcess.script().toString());
    command.add(name);
    command.addAll(List.of(options));
    return new LineProcess("chat " + name, DemoProcess.underTest(command, home(0)));
  }

  /** A cluster file that names the newcomer too. */
  private String newcomers() throws IOException {
    List<ClusterNode> nodes = new ArrayList<>(cluster.nodes());
    nodes.add(newcomer());
    Path file = directory.resolve("with_newcomer.json");
    cluster.withNodes(nodes).withPlugins(transport, STORAGE).write(file);
    return file.toString();
  }

  /** The transport that the demo of a machine has told its nodes to use. */
  String transportOf(int machine) throws ClusterFileException {
    DataFiles files = new DataFiles(home(machine).resolve("data"));
    return ClusterFile.read(files.cluster(machines.size() == 1 ? 0 : machine + 1)).transport();
  }

  private static String name(int machine) {
    return "machine " + (machine + 1);
  }

  /** What the demo of a machine is started with. */
  List<String> options(int machine, String... more) {
    List<String> all = new ArrayList<>(machines.get(machine).options());
    all.addAll(List.of("--cluster", file().toString()));
    if (!transport.equals(TRANSPORT)) {
      all.addAll(List.of("--transport", transport, "--storage", STORAGE));
    }
    all.addAll(List.of(more));
    return all;
  }

  private <P extends Closeable> P started(P process) {
    started.add(process);
    return process;
  }

  /** The client of this site, on its first machine. */
  Client client() throws IOException {
    if (client == null) {
      client = clientOn(0);
    }
    return client;
  }

  /** A new client on a machine, counted from 0. */
  Client clientOn(int machine) throws IOException {
    return started(Client.start(machines.get(machine).prefix()));
  }

  @Override
  public void close() throws IOException {
    for (Closeable process : started) {
      process.close();
    }
  }
}
