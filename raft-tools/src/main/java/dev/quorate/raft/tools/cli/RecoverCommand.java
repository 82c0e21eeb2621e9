package dev.quorate.raft.tools.cli;

import dev.quorate.raft.tools.recover.ForcedCluster;
import dev.quorate.raft.tools.recover.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code raft recover}. */
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    header = "Makes a cluster of this node alone, when the others are lost for good.",
    description = {
      "Only for when a majority of the voters will never come back: as long as they may, start them instead."
          + " Writes a new cluster id and a configuration of this node alone to the end of each group's log,"
          + " so that old members and this node refuse each other. What the lost members alone had is gone,"
          + " and what this node has counts, whether it was acknowledged or not.",
      "",
      "Without --yes it says what it would do and what may be lost, and changes nothing. With it, it copies the"
          + " directory first. A crash leaves the old log or the new one; then give the command again. Start"
          + " the node with a list of nodes as before; the others come back with wiped directories, as new"
          + " members.",
    },
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, or said what would be done",
      "1:damaged, and nothing was changed: see 'raft verify'",
      "2:wrong usage, or refused because it would not help; nothing was changed",
      "3:cannot be read or written: in use, absent, of a newer version, no space, or the disk fails"
    })
final class RecoverCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Parameters(paramLabel = "DIR", description = "The data directory.")
  private Path directory;

  @Option(
      names = "--force-new-cluster",
      required = true,
      description = "What is to be done; there is nothing else yet.")
  private boolean forceNewCluster;

  @Option(names = "--yes", description = "Do it.")
  private boolean yes;

  @Option(
      names = "--backup",
      paramLabel = "COPY",
      description = "Where to copy DIR before; DIR.before-recovery otherwise.")
  private Optional<Path> backup;

  @Override
  public Integer call() throws IOException {
    ForcedCluster forced =
        new ForcedCluster(
            directory,
            output.report(spec.commandLine().getOut()),
            new SecureRandom(),
            System.currentTimeMillis());
    try {
      boolean sound =
          forced.run(yes ? Optional.of(backup.orElseGet(this::beside)) : Optional.empty());
      return sound ? ExitCode.SOUND : ExitCode.DAMAGED;
    } catch (RefusedException e) {
      spec.commandLine().getErr().println("raft recover: " + e.getMessage());
      return ExitCode.USAGE;
    }
  }

  private Path beside() {
    Path absolute = directory.toAbsolutePath().normalize();
    return absolute.resolveSibling(absolute.getFileName() + ".before-recovery");
  }
}
