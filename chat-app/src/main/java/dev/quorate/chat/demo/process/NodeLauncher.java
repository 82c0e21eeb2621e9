package dev.quorate.chat.demo.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts the process of one node. */
@FunctionalInterface
public interface NodeLauncher {

  /**
   * Starts it. The node holds the read end of a pipe as its standard input and ends when the other
   * end, which only this process has, is gone.
   */
  Process launch(int node) throws IOException;

  /**
   * The launcher of the product: {@code bin/chat node}, which becomes the node's JVM without a
   * process in between, so that the id of the one is the id of the other.
   */
  static NodeLauncher script(Path script, Path clusterFile, DataFiles files) {
    return node -> {
      ProcessBuilder builder =
          new ProcessBuilder(
              List.of(
                  script.toString(),
                  "node",
                  "--id",
                  Integer.toString(node),
                  "--cluster",
                  clusterFile.toString(),
                  "--data",
                  files.node(node).toString(),
                  "--log",
                  files.log(node).toString(),
                  "--parent-pipe"));
      // The script that started the demo has just looked whether the build is fresh.
      builder.environment().put("QUORATE_BUILD", "never");
      // What it says in good times is in its log; what it says in bad ones explains its end.
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.redirectError(files.errors(node).toFile());
      return builder.start();
    };
  }
}
