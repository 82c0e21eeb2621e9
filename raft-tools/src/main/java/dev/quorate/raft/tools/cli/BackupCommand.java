package dev.quorate.raft.tools.cli;

import dev.quorate.raft.storage.file.Inspection;
import dev.quorate.raft.tools.backup.SnapshotBackup;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code raft backup}. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    header = "Copies the newest snapshot out of a node's data directory.",
    description = {
      "Into one file, verified before it has its name. Entries behind the snapshot are not in it, and it says how"
          + " many these are. Changes nothing in the directory; refuses one that a node uses.",
    },
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n")
final class BackupCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Option(
      names = "--group",
      paramLabel = "ID",
      defaultValue = "default",
      description = "The group.")
  private String group;

  @Parameters(index = "0", paramLabel = "DIR", description = "The data directory.")
  private Path directory;

  @Parameters(index = "1", paramLabel = "FILE", description = "The file to write.")
  private Path file;

  @Override
  public Integer call() throws IOException {
    try (Inspection inspection = Inspection.open(directory)) {
      if (!inspection.groups().contains(group)) {
        throw new NoSuchFileException("there is no group '" + group + "' in " + directory);
      }
      new SnapshotBackup(inspection.group(group), output.report(spec.commandLine().getOut()))
          .to(file);
      return ExitCode.SOUND;
    }
  }
}
