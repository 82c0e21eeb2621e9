package dev.quorate.raft.tools.cli;

import dev.quorate.raft.storage.file.Inspection;
import dev.quorate.raft.tools.dump.Dump;
import dev.quorate.raft.tools.dump.DumpOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code raft dump}. */
@Command(
    name = "dump",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    header = "Says what lies in a node's data directory.",
    description = {
      "Whose it is, its term and vote, where the log begins and ends, its segments, snapshots and"
          + " configurations, and a line for each entry. Where the log is damaged, the records that can be"
          + " read, segment by segment. Changes nothing; refuses a directory that a node uses.",
    },
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n")
final class DumpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Parameters(paramLabel = "DIR", description = "The data directory.")
  private Path directory;

  @Option(
      names = "--group",
      paramLabel = "ID",
      description = "Only this group; all of them otherwise.")
  private Optional<String> group;

  @Option(
      names = "--from",
      paramLabel = "INDEX",
      defaultValue = "1",
      description = "The first index to show; from the beginning otherwise.")
  private long from;

  @Option(
      names = "--to",
      paramLabel = "INDEX",
      defaultValue = "" + (Long.MAX_VALUE - 1),
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "The last index to show; to the end otherwise.")
  private long to;

  @Option(
      names = "--payload",
      description = "Also what is in the entries, in hexadecimal and as text. It may be secret.")
  private boolean payload;

  @Override
  public Integer call() throws IOException {
    try (Inspection inspection = Inspection.open(directory)) {
      boolean whole =
          new Dump(
                  inspection,
                  new DumpOptions(group, from, to, payload),
                  output.report(spec.commandLine().getOut()))
              .run();
      return whole ? ExitCode.SOUND : ExitCode.DAMAGED;
    }
  }
}
