package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged default stack runs a cluster of three processes in every way in which a user can
 * start it. What runs on a mixed class path, as unit tests do, proves nothing about these.
 */
class PackagedProductIT {

  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final String MAIN = "dev.quorate.examples.counter.Counter";
  private static final String MODULE_AND_MAIN = ModuleGraph.EXAMPLES + "/" + MAIN;
  private static final List<String> FLAGS =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  @TempDir Path directory;

  @Test
  void runsOnTheModulePath() throws Exception {
    List<String> command = java(JDK);
    command.addAll(List.of("-p", modulePathWithExamples(), "-m", MODULE_AND_MAIN));

    countOnThreeNodes(command);
  }

  @Test
  void runsOnTheClassPath() throws Exception {
    List<String> command = java(JDK);
    command.addAll(List.of("-cp", modulePathWithExamples(), MAIN));

    countOnThreeNodes(command);
  }

  @Test
  void runsFromAnImage() throws Exception {
    Path jlink = JDK.resolve("bin/jlink");
    if (!Files.exists(jlink)) {
      needs("jlink, which " + JDK + " does not have");
    }
    Path image = directory.resolve("image");
    Child.run(
        directory,
        List.of(
            jlink.toString(),
            "--module-path",
            modulePathWithExamples(),
            "--add-modules",
            String.join(",", ModuleGraph.EXAMPLES, ModuleGraph.TCP, ModuleGraph.FILE),
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            image.toString()));

    List<String> list = java(image);
    list.add("--list-modules");
    assertThat(Child.run(directory, list))
        .extracting(line -> line.replaceFirst("@.*", ""))
        .as("the image is the program and the default stack on java.base, and nothing else")
        .containsExactlyInAnyOrder(
            "java.base",
            ModuleGraph.EXAMPLES,
            ModuleGraph.API,
            ModuleGraph.ENGINE,
            ModuleGraph.TCP,
            ModuleGraph.FILE);
    List<String> command = java(image);
    command.addAll(List.of("-m", MODULE_AND_MAIN));
    countOnThreeNodes(command);
  }

  @Test
  void saysWhatIsMissingWithoutAPlugIn() throws Exception {
    List<String> command = java(JDK);
    command.addAll(
        List.of(
            "-p",
            Packaged.path(
                List.of(
                    ModuleGraph.API, ModuleGraph.ENGINE, ModuleGraph.FILE, ModuleGraph.EXAMPLES)),
            "-m",
            MODULE_AND_MAIN,
            "n1"));

    try (Child child = Child.start(directory, command)) {
      assertThat(child.end()).isNotZero();
      assertThat(child.errors()).contains("there is no transport 'tcp'", "found: none");
    }
  }

  private static List<String> java(Path home) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    command.addAll(FLAGS);
    return command;
  }

  private static String modulePathWithExamples() {
    List<String> modules = new ArrayList<>(ModuleGraph.DEFAULT_STACK);
    modules.add(ModuleGraph.EXAMPLES);
    return Packaged.path(modules);
  }

  /** Every node adds, and answers with what all have added. */
  private void countOnThreeNodes(List<String> command) throws Exception {
    String nodes = nodesOnFreePorts();
    List<Child> children = new ArrayList<>();
    try {
      for (String id : List.of("n1", "n2", "n3")) {
        List<String> node = new ArrayList<>(command);
        node.add(id);
        node.add(nodes);
        children.add(Child.start(directory, node));
      }
      int sum = 0;
      for (Child child : children) {
        sum += 10;
        child.say("10");
        assertThat(child.answer()).as(child::errors).isEqualTo(Integer.toString(sum));
      }
      for (Child child : children) {
        assertThat(child.end()).as(child::errors).isZero();
      }
    } finally {
      children.forEach(Child::close);
    }
  }

  /** Free ports, all held at the same time so that they differ. */
  private static String nodesOnFreePorts() throws IOException {
    try (ServerSocket first = free();
        ServerSocket second = free();
        ServerSocket third = free()) {
      return "n1=127.0.0.1:%d,n2=127.0.0.1:%d,n3=127.0.0.1:%d"
          .formatted(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
    }
  }

  private static ServerSocket free() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /** Skips the test, or fails it where everything that tests need is promised. */
  private static void needs(String what) {
    if (Boolean.getBoolean("quorate.ci")) {
      fail("needs " + what);
    }
    abort("needs " + what);
  }
}
