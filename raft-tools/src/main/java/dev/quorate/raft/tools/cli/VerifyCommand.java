package dev.quorate.raft.tools.cli;

import dev.quorate.raft.storage.file.Inspection;
import dev.quorate.raft.tools.verify.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code raft verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    header = "Says whether a node's data directory is sound.",
    description = {
      "Checks every checksum, that indexes follow each other and terms never fall, that each segment goes on"
          + " where the one before ends, that nothing that was forced is missing, that configurations can be"
          + " read and that snapshots have the content that they say. Of each kind of damage the first is"
          + " named, with file and offset, what it means and what to do. A torn last write, which is what a"
          + " crash leaves and the next start cuts, is said and is no damage. Changes nothing; refuses a"
          + " directory that a node uses.",
    },
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:sound",
      "1:damaged",
      "2:wrong usage",
      "3:cannot be read: in use, absent, of a newer version, or the disk fails"
    })
final class VerifyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Parameters(paramLabel = "DIR", description = "The data directory.")
  private Path directory;

  @Override
  public Integer call() throws IOException {
    try (Inspection inspection = Inspection.open(directory)) {
      boolean sound =
          new Verification(inspection, output.report(spec.commandLine().getOut())).run();
      return sound ? ExitCode.SOUND : ExitCode.DAMAGED;
    }
  }
}
