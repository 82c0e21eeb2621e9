package dev.quorate.chat.cluster;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --cluster} of the commands that need nothing but a cluster that is there. */
public final class ClusterFileOption {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description = "The cluster file; left out: five nodes on 127.0.0.1.")
  private Path file;

  /** The file's name, if one was given. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /**
   * Reads it.
   *
   * @throws ParameterException if it cannot be read or is not a cluster file
   */
  public ClusterFile read() {
    try {
      return file == null ? ClusterFile.ofFive("127.0.0.1") : ClusterFile.read(file);
    } catch (ClusterFileException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }
}
