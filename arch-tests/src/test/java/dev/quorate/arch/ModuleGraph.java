package dev.quorate.arch;

import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which module may require and export what. A change here is a change of the design. */
final class ModuleGraph {

  static final String API = "dev.quorate.raft.api";
  static final String ENGINE = "dev.quorate.raft.engine";
  static final String TESTKIT = "dev.quorate.raft.testkit";
  static final String TCP = "dev.quorate.raft.transport.tcp";
  static final String GRPC = "dev.quorate.raft.transport.grpc";
  static final String FILE = "dev.quorate.raft.storage.file";
  static final String JMX = "dev.quorate.raft.metrics.jmx";
  static final String MICROMETER = "dev.quorate.raft.metrics.micrometer";
  static final String TOOLS = "dev.quorate.raft.tools";
  static final String CHAT = "dev.quorate.chat";
  static final String EXAMPLES = "dev.quorate.examples";

  /** What works without anybody else's jar. */
  static final Set<String> DEFAULT_STACK = Set.of(API, ENGINE, TCP, FILE);

  /** What libraries require, and nothing else. */
  static final Map<String, Set<String>> REQUIRES =
      Map.of(
          API, Set.of(),
          ENGINE, Set.of(API),
          TESTKIT, Set.of(API, ENGINE, "org.junit.jupiter.api"),
          TCP, Set.of(API),
          FILE, Set.of(API),
          JMX, Set.of(API, "java.management"),
          MICROMETER, Set.of(API, "micrometer.core"),
          GRPC,
              Set.of(
                  API,
                  "io.grpc",
                  "io.grpc.stub",
                  "io.grpc.protobuf",
                  "io.grpc.netty",
                  "io.netty.buffer",
                  "io.netty.codec",
                  "io.netty.codec.http2",
                  "io.netty.common",
                  "io.netty.transport",
                  "com.google.protobuf",
                  "com.google.common"));

  /**
   * Which of our modules an application requires; plug-ins are found, not required. Only the tools
   * read the files of one storage, with that storage's own code.
   */
  static final Map<String, Set<String>> APPLICATIONS =
      Map.of(CHAT, Set.of(API, ENGINE), EXAMPLES, Set.of(ENGINE), TOOLS, Set.of(ENGINE, FILE));

  /** Modules that are there to bind the API to somebody else's, and may show that. */
  static final Map<String, Set<String>> BINDS =
      Map.of(JMX, Set.of("javax.management"), MICROMETER, Set.of("io.micrometer.core.instrument"));

  /** What is exported to everybody: what users are meant to compile against. */
  static final Map<String, Set<String>> EXPORTS =
      Map.ofEntries(
          Map.entry(
              API,
              Set.of(
                  API,
                  API + ".config",
                  API + ".metrics",
                  API + ".state",
                  API + ".storage",
                  API + ".transport")),
          Map.entry(ENGINE, Set.of(ENGINE)),
          Map.entry(
              TESTKIT,
              Set.of(
                  TESTKIT,
                  TESTKIT + ".contract",
                  TESTKIT + ".disk",
                  TESTKIT + ".history",
                  TESTKIT + ".simulation")),
          Map.entry(TCP, Set.of(TCP)),
          Map.entry(FILE, Set.of()),
          Map.entry(GRPC, Set.of(GRPC)),
          Map.entry(JMX, Set.of(JMX)),
          Map.entry(MICROMETER, Set.of(MICROMETER)),
          Map.entry(TOOLS, Set.of()),
          Map.entry(CHAT, Set.of()),
          Map.entry(EXAMPLES, Set.of()));

  /** Implementation packages that are exported to some modules, by package, with those modules. */
  static final Map<String, Map<String, Set<String>>> EXPORTS_TO_SOME =
      Map.of(
          ENGINE,
              Map.of(
                  ENGINE + ".client", Set.of(TESTKIT),
                  ENGINE + ".codec", Set.of(TESTKIT, TOOLS),
                  ENGINE + ".core", Set.of(TESTKIT),
                  ENGINE + ".formation", Set.of(TESTKIT),
                  ENGINE + ".message", Set.of(TESTKIT, TOOLS),
                  ENGINE + ".runtime", Set.of(TESTKIT),
                  ENGINE + ".session", Set.of(TESTKIT),
                  ENGINE + ".snapshot", Set.of(TESTKIT, TOOLS)),
          FILE, Map.of(FILE, Set.of(TOOLS)),
          // The fields of generated messages are found by reflection.
          GRPC, Map.of(GRPC + ".proto", Set.of("com.google.protobuf")),
          CHAT, Map.of(CHAT + ".proto", Set.of("com.google.protobuf")));

  private ModuleGraph() {}

  /** The folders of the modules that others depend on. */
  static List<String> libraries() {
    return List.of(
        "metrics-jmx",
        "metrics-micrometer",
        "raft-api",
        "raft-engine",
        "raft-testkit",
        "storage-file",
        "transport-grpc",
        "transport-tcp");
  }

  /** What is exported to everybody. */
  static Set<String> exportsOf(ModuleDescriptor module) {
    return module.exports().stream()
        .filter(export -> !export.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What is exported to some modules only: those, by package. */
  static SortedMap<String, Set<String>> exportsToSomeOf(ModuleDescriptor module) {
    SortedMap<String, Set<String>> exports = new TreeMap<>();
    module.exports().stream()
        .filter(ModuleDescriptor.Exports::isQualified)
        .forEach(export -> exports.put(export.source(), new TreeSet<>(export.targets())));
    return exports;
  }

  /** What is required besides {@code java.base}. */
  static Set<String> requiresOf(ModuleDescriptor module) {
    return module.requires().stream()
        .map(ModuleDescriptor.Requires::name)
        .filter(name -> !name.equals("java.base"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Providers by service. */
  static SortedMap<String, Set<String>> providesOf(ModuleDescriptor module) {
    SortedMap<String, Set<String>> provides = new TreeMap<>();
    module
        .provides()
        .forEach(item -> provides.put(item.service(), new TreeSet<>(item.providers())));
    return provides;
  }
}
