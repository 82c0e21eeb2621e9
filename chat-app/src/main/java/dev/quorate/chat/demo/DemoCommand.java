package dev.quorate.chat.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chat demo}: the options, and nothing else. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    header = "Runs a five-node chat cluster, on this machine or on two, with a prompt.",
    description = {
      "",
      "Without --machine-id all five nodes run here. On two machines, nodes 1 and 2 run on machine 1,"
          + " nodes 3, 4 and 5 on machine 2:",
      "",
      "  chat demo --machine-id 1 --peer-ip <address of machine 2>",
      "  chat demo --machine-id 2 --peer-ip <address of machine 1>",
      "",
      "A node is a process of its own and ends with the demo. The commands, at the prompt or from"
          + " standard input, are: status, test, fail <id>, start <id>, readmit <id>,"
          + " help, exit.",
      ""
    },
    optionListHeading = "Options:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:normal end",
      "  1:could not start, or could not keep running",
      "  2:the command line makes no sense",
      "  3:standard input was no terminal and a test failed",
      "130:Ctrl-C"
    },
    footer = {
      "",
      "Files, below the current directory:",
      "  data/node_<id>/           what a node keeps",
      "  data/logs/node_<id>.log   what a node says"
    })
public final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--machine-id",
      paramLabel = "1|2",
      description = "Which half of the cluster runs here; left out: all of it.")
  private Integer machineId;

  @Option(
      names = "--peer-ip",
      paramLabel = "HOST",
      description =
          "The other machine. Left out: it is looked for in this network for 3 seconds, else asked"
              + " for at the terminal.")
  private String peerIp;

  @Option(
      names = "--local-ip",
      paramLabel = "HOST",
      description =
          "The address of this machine to bind and to advertise. Left out: the one that reaches the"
              + " other machine, or 127.0.0.1 without one.")
  private String localIp;

  @Option(names = "--fail-leader", description = "Allows 'fail' on the initial leader, node 2.")
  private boolean failLeader;

  @Option(
      names = "--skip-clear",
      description =
          "Keeps the data of earlier runs. Left out: the nodes that run here start really empty.")
  private boolean skipClear;

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description = "The cluster file (JSON); left out: the default five nodes.")
  private Path cluster;

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      description =
          "How the nodes talk: tcp or grpc; left out: as the cluster file says, else tcp.")
  private String transport;

  @Option(
      names = "--storage",
      paramLabel = "NAME",
      description = "How the nodes keep their logs: file; left out: as the cluster file says.")
  private String storage;

  @Override
  public Integer call() throws IOException, InterruptedException {
    DemoOptions options =
        new DemoOptions(
            machineId == null ? OptionalInt.empty() : OptionalInt.of(machineId),
            Optional.ofNullable(peerIp),
            Optional.ofNullable(localIp),
            failLeader,
            skipClear,
            Optional.ofNullable(cluster),
            Optional.ofNullable(transport),
            Optional.ofNullable(storage));
    try {
      options.check();
      return new Demo(options, Launch.ofThisProcess()).run();
    } catch (DemoException e) {
      if (e.exitCode() == ExitCode.USAGE) {
        throw new ParameterException(spec.commandLine(), e.getMessage(), e);
      }
      spec.commandLine().getErr().println("chat demo: " + e.getMessage());
      return e.exitCode();
    }
  }
}
