package dev.quorate.chat.cli;

import dev.quorate.chat.demo.DemoCommand;
import dev.quorate.chat.member.MemberCommand;
import dev.quorate.chat.node.NodeCommand;
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
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code chat} and where its subcommands hang. */
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    header = "A replicated chat on a Raft cluster of five nodes.",
    description = {
      "",
      "Start with 'chat demo': it brings the cluster up and gives you a prompt.",
      ""
    },
    optionListHeading = "Options:%n",
    commandListHeading = "%nCommands:%n",
    footer = {"", "'chat <command> --help' tells all about a command."},
    versionProvider = ModuleVersion.class,
    subcommands = {DemoCommand.class, NodeCommand.class, MemberCommand.class})
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** The entry point of {@code bin/chat}. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    // The table has signs that other encodings lack; what a locale says of old is no help.
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    return commandLine().setOut(out).setErr(err).execute(arguments);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::usageError)
        .setExecutionExceptionHandler(Main::failure);
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }

  private static int usageError(ParameterException error, String[] arguments) {
    String command = error.getCommandLine().getCommandSpec().qualifiedName();
    error
        .getCommandLine()
        .getErr()
        .println(command + ": " + message(error) + " (see '" + command + " --help')");
    return CommandLine.ExitCode.USAGE;
  }

  private static String message(ParameterException error) {
    boolean unknown =
        error instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption();
    return unknown
        ? "'"
            + ((UnmatchedArgumentException) error).getUnmatched().get(0)
            + "' means nothing here"
            + commands(error.getCommandLine())
        : error.getMessage();
  }

  private static String commands(CommandLine command) {
    return command.getSubcommands().isEmpty()
        ? ""
        : "; the commands are: " + String.join(", ", command.getSubcommands().keySet());
  }

  private static int failure(
      Exception error, CommandLine command, CommandLine.ParseResult arguments) {
    String what = error.getMessage() == null ? error.toString() : error.getMessage();
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + what);
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: demo, node or member");
  }
}
