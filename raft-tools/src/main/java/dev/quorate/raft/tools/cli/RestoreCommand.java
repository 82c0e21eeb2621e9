package dev.quorate.raft.tools.cli;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.storage.file.SnapshotInspection;
import dev.quorate.raft.tools.backup.SnapshotRestore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code raft restore}. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    header = "Makes the data directories of a new cluster from backups.",
    description = {
      "DIR/<id> for each node, all at once: move each to its machine, and start the nodes with the same list. State,"
          + " index and term are those of the backup; cluster id and disks are new, so that no node of the old"
          + " cluster takes part. What happened behind the backup is not there; clients of the old cluster must"
          + " open new sessions.",
    },
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n")
final class RestoreCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      required = true,
      description = "The new cluster's name.")
  private String cluster;

  @Option(
      names = "--nodes",
      paramLabel = "ID=HOST:PORT",
      split = ",",
      required = true,
      description = "Its nodes, such as n1=10.0.0.1:7001,n2=10.0.0.2:7001,n3=10.0.0.3:7001.")
  private Map<String, String> nodes;

  @Parameters(
      arity = "2..*",
      paramLabel = "FILE... DIR",
      hideParamSyntax = true,
      description = "The backups, one of each group of the nodes, and the directory to make.")
  private List<Path> paths;

  @Override
  public Integer call() throws IOException {
    try {
      SnapshotRestore restore = restore(paths.subList(0, paths.size() - 1));
      Path directory = paths.get(paths.size() - 1);
      restore.to(directory, output.report(spec.commandLine().getOut()));
      return ExitCode.SOUND;
    } catch (CorruptionException e) {
      spec.commandLine().getErr().println("raft restore: " + e.getMessage());
      return ExitCode.DAMAGED;
    }
  }

  private SnapshotRestore restore(List<Path> files) throws IOException {
    List<SnapshotInspection> backups = new ArrayList<>();
    for (Path file : files) {
      backups.add(SnapshotInspection.ofCopy(file));
    }
    try {
      return new SnapshotRestore(
          backups, cluster, addresses(), new SecureRandom(), System.currentTimeMillis());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private SortedMap<NodeId, Address> addresses() {
    SortedMap<NodeId, Address> addresses = new TreeMap<>();
    try {
      nodes.forEach((id, address) -> addresses.put(NodeId.of(id), Address.parse(address)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--nodes: " + e.getMessage(), e);
    }
    return addresses;
  }
}
