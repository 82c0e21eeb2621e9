package dev.quorate.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the engine's packages may use. */
final class EngineRules {

  private static final String[] PURE = {
    "..engine.core..",
    "..engine.codec..",
    "..engine.message..",
    "..engine.formation..",
    "..engine.session..",
    "..engine.client..",
    "..engine.routing..",
    "..engine.membership..",
    "..engine.snapshot.."
  };

  /** What is around the pure packages. */
  private static final String[] RUNTIME = {"dev.quorate.raft.engine", "..engine.runtime.."};

  private static final List<String> PURE_PACKAGES =
      List.of(
          "java.lang",
          "java.lang.annotation",
          "java.lang.invoke",
          "java.lang.runtime",
          "java.nio",
          "java.nio.charset",
          "java.util",
          "java.util.function",
          "java.util.stream");

  private static final List<String> PURE_CLASSES =
      List.of(
          // Streams that are handed in: snapshots and their sections.
          "java.io.BufferedInputStream",
          "java.io.BufferedOutputStream",
          "java.io.DataInputStream",
          "java.io.DataOutputStream",
          "java.io.EOFException",
          "java.io.InputStream",
          "java.io.OutputStream",
          "java.io.IOException",
          "java.io.Serial",
          "java.io.Serializable",
          "java.io.UncheckedIOException",
          "java.time.Duration",
          "java.util.random.RandomGenerator",
          "java.util.zip.CRC32C");

  private static final List<String> IMPURE_CLASSES =
      List.of(
          "java.lang.InheritableThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.nio.MappedByteBuffer",
          "java.util.Calendar",
          "java.util.Date",
          "java.util.HashSet",
          "java.util.Hashtable",
          "java.util.IdentityHashMap",
          "java.util.Random",
          "java.util.Scanner",
          "java.util.ServiceLoader",
          "java.util.SplittableRandom",
          "java.util.Timer",
          "java.util.TimerTask",
          "java.util.UUID",
          "java.util.WeakHashMap");

  static final ArchRule PURE_TYPES =
      classes()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .onlyDependOnClassesThat(isPure())
          .because(
              "consensus is a deterministic object: time and randomness are handed in, and threads,"
                  + " clocks, files, sockets, loggers and futures belong to the runtime");

  static final ArchRule PURE_CALLS =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should(
              Banned.access(
                  "ask the machine for time, randomness, threads or output",
                  Banned.CLOCK
                      .or(Banned.RANDOMNESS)
                      .or(Banned.THREADS)
                      .or(
                          Banned.calls("java.lang.System")
                              .and(access -> !Banned.name(access).equals("arraycopy")))
                      .or(access -> Banned.name(access).equals("printStackTrace"))))
          .because("one seed must give one run, in production and in the simulator");

  static final ArchRule PURE_LOCKS =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should(Banned.haveSynchronizedMethods())
          .because("the core does not know that there are threads");

  static final ArchRule PURE_ORDER =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should(Banned.access("depend on an order that differs between JVMs", Banned.UNORDERED))
          .because("the order of messages and of random draws must not depend on a hash table's");

  static final ArchRule RUNTIME_ENVIRONMENT =
      noClasses()
          .that()
          .resideInAnyPackage(RUNTIME)
          .and(isNotPartOf("ThreadedEnvironment"))
          // The threads of that environment's callbacks.
          .and(isNotPartOf("CallbackPool"))
          .should(
              Banned.access(
                  "take clocks, randomness or threads from the machine",
                  Banned.CLOCK.or(Banned.RANDOMNESS).or(Banned.THREADS)))
          .because("the runtime that ships is the one that is simulated: only Environment differs");

  static final ArchRule RUNTIME_ORDER =
      noClasses()
          .that()
          .resideInAPackage("..engine.runtime..")
          .should(Banned.access("depend on an order that differs between JVMs", Banned.UNORDERED))
          .because("a simulated run must be the same on every JVM");

  static final ArchRule DOWNWARDS =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(RUNTIME)
          .because("the runtime is around the core, which knows nothing of it");

  static final List<ArchRule> ALL =
      List.of(
          PURE_TYPES,
          PURE_CALLS,
          PURE_LOCKS,
          PURE_ORDER,
          RUNTIME_ENVIRONMENT,
          RUNTIME_ORDER,
          DOWNWARDS);

  private EngineRules() {}

  /** What the rules call packages, each a pattern. */
  static List<String> patterns() {
    return Stream.of(PURE, RUNTIME).flatMap(Arrays::stream).toList();
  }

  /** Those of the patterns that a package matches; a package under no rule matches none. */
  static List<String> patternsOf(String packageName) {
    return patterns().stream()
        .filter(pattern -> PackageMatcher.of(pattern).matches(packageName))
        .toList();
  }

  private static DescribedPredicate<JavaClass> isPure() {
    return DescribedPredicate.describe(
        "are deterministic",
        type -> {
          JavaClass base = type.getBaseComponentType();
          String name = base.getName().replaceFirst("\\$.*", "");
          return base.isPrimitive()
              || name.startsWith("dev.quorate.")
              || PURE_CLASSES.contains(name)
              || PURE_PACKAGES.contains(base.getPackageName())
                  && !IMPURE_CLASSES.contains(name)
                  && !base.getName().startsWith("java.lang.System$");
        });
  }

  private static DescribedPredicate<JavaClass> isNotPartOf(String simpleName) {
    return DescribedPredicate.describe(
        "are not part of " + simpleName,
        type -> !type.getName().matches(".*\\." + simpleName + "(\\$.*)?"));
  }
}
