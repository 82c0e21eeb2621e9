package dev.quorate.chat.demo;

import dev.quorate.chat.cluster.ClusterFile;
import dev.quorate.chat.cluster.ClusterFileException;
import dev.quorate.chat.cluster.ClusterNode;
import dev.quorate.chat.demo.console.Console;
import dev.quorate.chat.demo.console.Console.InterruptedByUserException;
import dev.quorate.chat.demo.console.PlainConsole;
import dev.quorate.chat.demo.console.TerminalConsole;
import dev.quorate.chat.demo.machine.Layout;
import dev.quorate.chat.demo.machine.Place;
import dev.quorate.chat.demo.machine.Ports;
import dev.quorate.chat.demo.process.DataFiles;
import dev.quorate.chat.demo.process.NodeLauncher;
import dev.quorate.chat.demo.process.NodeProcesses;
import dev.quorate.chat.demo.status.ClusterStatus;
import dev.quorate.chat.demo.status.ClusterView;
import dev.quorate.chat.demo.status.GrpcNodeProbe;
import dev.quorate.chat.demo.status.NodeReport;
import dev.quorate.chat.demo.status.NodeState;
import dev.quorate.chat.demo.status.NodeView;
import dev.quorate.chat.demo.status.StatusTable;
import dev.quorate.chat.node.ChatNode;
import dev.quorate.raft.api.config.ConfigurationException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One run of the demo, from its options to its exit code. */
final class Demo {
  /** Nodes of a demo that was killed a moment ago still need a moment to notice. */
  private static final Duration PORTS_FREE_WITHIN = Duration.ofSeconds(3);

  private static final long PORTS_LOOK_EVERY_MILLIS = 100;

  private final DemoOptions options;
  private final Launch launch;
  private final DataFiles files = new DataFiles(Path.of("data"));

  Demo(DemoOptions options, Launch launch) {
    this.options = options;
    this.launch = launch;
  }

  int run() throws DemoException, IOException, InterruptedException {
    ClusterFile cluster = clusterFile();
    launch.finishBuild();
    long begin = System.nanoTime();
    files.prepare();
    try (Console console = console(cluster)) {
      if (options.machine().isEmpty()) {
        return run(oneMachine(cluster), console, begin);
      }
      try (MachineFinder machines = new MachineFinder(options, cluster.cluster(), console)) {
        MachineFinder.Pair pair = machines.find();
        Layout layout =
            Layout.twoMachines(cluster, options.machine().getAsInt(), pair.local(), pair.peer());
        return run(layout, console, begin);
      }
    } catch (InterruptedByUserException e) {
      return ExitCode.INTERRUPTED;
    }
  }

  private int run(Layout layout, Console console, long begin)
      throws DemoException, IOException, InterruptedException, InterruptedByUserException {
    awaitFreePorts(layout);
    Path clusterFile = files.cluster(layout.machine());
    NodeLauncher launcher = NodeLauncher.script(launch.script(), clusterFile, files);
    try (NodeProcesses processes = new NodeProcesses(launcher);
        ClusterStatus status =
            new ClusterStatus(
                layout.places(), GrpcNodeProbe::new, processes::state, files::lastWords)) {
      if (!options.skipClear()) {
        refuseToClearLiveCluster(layout, status);
        for (Place place : layout.local()) {
          files.clear(place.node());
        }
      }
      layout.cluster().write(clusterFile);
      // However this process ends, short of kill -9, for which the nodes have their pipes.
      Thread end = new Thread(processes::close, "end-nodes");
      Runtime.getRuntime().addShutdownHook(end);
      console.print("Starting " + names(layout.local()) + " on this machine ...");
      for (Place place : layout.local()) {
        processes.start(place.node());
      }
      return serve(layout, processes, status, console, begin);
    }
  }

  private int serve(
      Layout layout, NodeProcesses processes, ClusterStatus status, Console console, long begin)
      throws DemoException, IOException, InterruptedException, InterruptedByUserException {
    int preferred = options.skipClear() ? 0 : layout.cluster().initialLeader();
    ClusterView view = new Readiness(status, console).await(preferred);
    if (layout.local().stream().allMatch(place -> ended(view, place))) {
      console.print(StatusTable.render(view));
      throw DemoException.failure(
          "no node could be started; see " + files.log(layout.local().get(0).node()).getParent());
    }
    console.print(welcome(view, begin));
    Shell shell =
        new Shell(
            layout,
            options.failLeader(),
            processes,
            status,
            new ChatTrial(layout),
            new GrpcMembers(layout),
            console);
    shell.run();
    return shell.testFailed() && !launch.inputIsTerminal() ? ExitCode.TEST_FAILED : ExitCode.OK;
  }

  private static boolean ended(ClusterView view, Place place) {
    return view.nodes().stream()
        .filter(node -> node.place().equals(place))
        .anyMatch(node -> node.state() == NodeState.FAILED && node.report().isEmpty());
  }

  private static List<String> welcome(ClusterView view, long begin) {
    String seconds = String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - begin) / 1e9);
    Optional<ClusterView.Leader> leader = view.acknowledgedLeader();
    String first =
        leader.isPresent()
            ? "Ready after %s: node %d leads in term %d."
                .formatted(seconds, leader.get().node(), leader.get().term())
            : "Not ready after %s: %s."
                .formatted(seconds, view.trouble().orElse("the leader has too few followers yet"));
    List<String> lines = new ArrayList<>(List.of(first));
    lines.addAll(StatusTable.failures(view));
    lines.add("Type 'help' for the commands.");
    return lines;
  }

  private ClusterFile clusterFile() throws DemoException {
    ClusterFile file;
    try {
      file =
          options.clusterFile().isPresent()
              ? ClusterFile.read(options.clusterFile().get())
              : ClusterFile.ofFive("127.0.0.1");
    } catch (ClusterFileException e) {
      throw DemoException.usage("--cluster: " + e.getMessage());
    }
    // First the options alone, so that what is wrong with them is not said of the file.
    check(withOptions(ClusterFile.ofFive("127.0.0.1")), "");
    ClusterFile chosen = withOptions(file);
    check(chosen, options.clusterFile().map(written -> "--cluster: " + written + ": ").orElse(""));
    return chosen;
  }

  private ClusterFile withOptions(ClusterFile file) {
    return file.withPlugins(
        options.transport().orElse(file.transport()), options.storage().orElse(file.storage()));
  }

  private static void check(ClusterFile cluster, String where) throws DemoException {
    try {
      ChatNode.check(cluster);
    } catch (ConfigurationException e) {
      throw DemoException.usage(where + e.getMessage());
    }
  }

  private Layout oneMachine(ClusterFile cluster) throws DemoException, IOException {
    if (options.localHost().isEmpty()) {
      return Layout.oneMachine(cluster);
    }
    InetAddress own = MachineFinder.own(options.localHost().get());
    return Layout.oneMachine(
        cluster.withNodes(
            cluster.nodes().stream().map(node -> node.at(own.getHostAddress())).toList()));
  }

  private Console console(ClusterFile cluster) throws IOException {
    if (launch.inputIsTerminal() && launch.outputIsTerminal()) {
      List<String> nodes =
          cluster.nodes().stream().map(ClusterNode::id).map(String::valueOf).toList();
      return new TerminalConsole(
          before -> before.isEmpty() ? PromptCommand.WORDS : argument(before, nodes),
          files.root().resolve("demo_history").toAbsolutePath());
    }
    return new PlainConsole(
        System.in,
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
  }

  private static List<String> argument(List<String> before, List<String> nodes) {
    boolean takesNode = List.of("fail", "kill", "start", "readmit").contains(before.get(0));
    return before.size() == 1 && takesNode ? nodes : List.of();
  }

  private void awaitFreePorts(Layout layout)
      throws DemoException, IOException, InterruptedException {
    long deadline = System.nanoTime() + PORTS_FREE_WITHIN.toNanos();
    List<String> taken = Ports.taken(layout.places());
    while (!taken.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw DemoException.failure(
            "in use already: "
                + String.join(", ", taken)
                + "; end what listens there (another demo?) or name other ports with --cluster");
      }
      TimeUnit.MILLISECONDS.sleep(PORTS_LOOK_EVERY_MILLIS);
      taken = Ports.taken(layout.places());
    }
  }

  /** Half of a cluster that is emptied looks like lost disks to the other half, and rightly so. */
  private static void refuseToClearLiveCluster(Layout layout, ClusterStatus status)
      throws DemoException {
    for (Place place : Ports.answering(layout.remote())) {
      NodeView view = status.look(place.node());
      if (view.report().map(NodeReport::formed).orElse(false)) {
        throw DemoException.failure(
            "the cluster lives on the other machine (node %d answers at %s), so the data here is not cleared; join it with --skip-clear"
                .formatted(place.node(), place.chatAddress()));
      }
    }
  }

  private static String names(List<Place> places) {
    return (places.size() == 1 ? "node " : "nodes ")
        + places.stream()
            .map(place -> Integer.toString(place.node()))
            .collect(Collectors.joining(", "));
  }
}
