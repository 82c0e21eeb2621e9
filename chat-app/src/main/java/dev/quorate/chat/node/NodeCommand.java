package dev.quorate.chat.node;

import dev.quorate.chat.cluster.ClusterFile;
import dev.quorate.chat.cluster.ClusterFileOption;
import dev.quorate.chat.cluster.ClusterNode;
import dev.quorate.raft.api.RaftException;
import dev.quorate.raft.api.config.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bin/chat node}: runs one node in the foreground. */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    description = "Runs one node of the cluster in the foreground, until it is interrupted.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:normal end",
      "1:the node could not start or keep running",
      "2:wrong usage, or a wrong cluster file",
      "130:Ctrl-C"
    })
public final class NodeCommand implements Callable<Integer> {

  private static final System.Logger LOG = System.getLogger(NodeCommand.class.getName());

  private static final int FAILED = 1;
  private static final long LONGEST_END_NANOS = TimeUnit.SECONDS.toNanos(4);

  @Spec private CommandSpec spec;

  @Option(
      names = "--id",
      required = true,
      paramLabel = "N",
      description = "Which node of the cluster file to run.")
  private int id;

  @Mixin private ClusterFileOption cluster;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The node's data; left out: data/node_<N>.")
  private Path data;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "The log, rotated at 5 MiB; left out: data/logs/node_<N>.log.")
  private Path log;

  @Option(
      names = "--join",
      description =
          "Join the cluster that the file's other nodes are: the node waits until it is added there"
              + " ('chat member add'). Left out: it founds the cluster together with them.")
  private boolean join;

  @Option(
      names = "--parent-pipe",
      description =
          "End when the standard input ends. Whoever starts the node this way holds the other end"
              + " of a pipe, so that the node never outlives it.")
  private boolean parentPipe;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    ClusterFile file = cluster.read();
    ClusterNode self = self(file);
    Path base = Path.of("data");
    Path directory = data != null ? data : base.resolve("node_" + id);
    Path logFile = log != null ? log : base.resolve("logs").resolve("node_" + id + ".log");
    try {
      NodeLog.sendTo(logFile);
    } catch (IOException e) {
      err.println("cannot write the log " + logFile + ": " + e.getMessage());
      return FAILED;
    }
    try (ChatNode node = ChatNode.start(file, self, directory, join)) {
      Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
      if (parentPipe) {
        ParentPipe.watch(System.in, NodeCommand::endWithParent);
      }
      out.printf(
          Locale.ROOT,
          "node %d of '%s' serves chat on %s and Raft on %s; log in %s%n",
          id,
          file.cluster(),
          self.chatAddress(),
          self.raftAddress(),
          logFile);
      out.flush();
      node.addListener(new Standing(id, out));
      node.awaitEnd();
      return 0;
    } catch (ConfigurationException e) {
      String wrong = cluster.file().map(named -> named + ": ").orElse("") + e.getMessage();
      LOG.log(System.Logger.Level.ERROR, wrong);
      throw new ParameterException(spec.commandLine(), wrong, e);
    } catch (IOException | RaftException e) {
      String failure = "node " + id + " could not start: " + e.getMessage();
      // Where people look first: at the terminal, or in the log.
      LOG.log(System.Logger.Level.ERROR, failure);
      err.println(failure);
      return FAILED;
    }
  }

  /**
   * Ends the process: in good order if that is quick, else hard, because nobody is left to kill it.
   */
  private static void endWithParent() {
    Thread guard =
        new Thread(
            () -> {
              LockSupport.parkNanos(LONGEST_END_NANOS);
              Runtime.getRuntime().halt(FAILED);
            },
            "end-guard");
    guard.setDaemon(true);
    guard.start();
    System.exit(0);
  }

  private ClusterNode self(ClusterFile file) {
    return file.node(id)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "there is no node "
                        + id
                        + " in the cluster; its nodes are "
                        + file.nodes().stream()
                            .map(node -> Integer.toString(node.id()))
                            .collect(Collectors.joining(", "))));
  }
}
