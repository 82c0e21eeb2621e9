package dev.quorate.raft.tools.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code raft} and where its subcommands hang. */
@Command(
    name = "raft",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    header =
        "Looks into the data directory of a node that does not run, and mends what can be mended.",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Exit codes: 0 sound or done, 1 damaged, 2 wrong usage, 3 cannot be read (in use, absent, of a newer"
          + " version).",
      "'raft <command> --help' tells all about a command; docs/operations.md says when to use which."
    },
    versionProvider = ModuleVersion.class,
    subcommands = {
      DumpCommand.class,
      VerifyCommand.class,
      RecoverCommand.class,
      BackupCommand.class,
      RestoreCommand.class
    })
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  /** The entry point of {@code bin/raft}. */
  public static void main(String[] arguments) {
    PrintWriter out = writer(FileDescriptor.out);
    int exit = run(out, writer(FileDescriptor.err), arguments);
    out.flush();
    System.exit(exit);
  }

  /** Runs a command and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::usageError)
        .setExecutionExceptionHandler(Main::failure)
        .setOut(out)
        .setErr(err)
        .execute(arguments);
  }

  /** In the encoding of the files and pages, whatever the locale says of old. */
  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }

  private static int usageError(ParameterException error, String[] arguments) {
    String command = error.getCommandLine().getCommandSpec().qualifiedName();
    error
        .getCommandLine()
        .getErr()
        .println(command + ": " + error.getMessage() + " (see '" + command + " --help')");
    return ExitCode.USAGE;
  }

  private static int failure(
      Exception error, CommandLine command, CommandLine.ParseResult arguments) {
    String what = error.getMessage() == null ? error.toString() : error.getMessage();
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + what);
    return ExitCode.CANNOT_READ;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: " + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
