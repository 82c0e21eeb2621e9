package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EngineRulesTest {

  @TestFactory
  Stream<DynamicTest> holds() {
    return EngineRules.ALL.stream()
        .map(rule -> dynamicTest(rule.getDescription(), () -> rule.check(Project.mainClasses())));
  }

  @Test
  void seesForeignTypes() {
    assertThat(Broken.report(EngineRules.PURE_TYPES))
        .contains(
            "java.io.File",
            "java.lang.System$Logger",
            "java.lang.Thread",
            "java.net.Socket",
            "java.nio.channels.FileChannel",
            "java.nio.file.Files",
            "java.nio.file.Path",
            "java.time.Clock",
            "java.time.Instant",
            "java.util.HashSet",
            "java.util.Random>",
            "java.util.UUID",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.Executor>",
            "java.util.concurrent.ThreadLocalRandom")
        .doesNotContain("java.util.HashMap", "RandomGenerator>");
  }

  @Test
  void seesCallsThatAskTheMachine() {
    assertThat(Broken.report(EngineRules.PURE_CALLS))
        .contains(
            "System.nanoTime()",
            "System.currentTimeMillis()",
            "Instant.now()",
            "System.getProperty(",
            "Collections.shuffle(",
            "Math.random()",
            "ThreadLocalRandom.current()",
            "UUID.randomUUID()",
            "RandomGenerator.getDefault()",
            "System.identityHashCode(",
            "java.util.Random.<init>()",
            "System.out",
            "printStackTrace()");
  }

  @Test
  void seesLocks() {
    assertThat(Broken.report(EngineRules.PURE_LOCKS)).contains("Impure.locked()");
  }

  @Test
  void seesOrdersThatDiffer() {
    assertThat(Broken.report(EngineRules.PURE_ORDER))
        .contains(
            "java.util.Set.of(",
            "java.util.Map.of(",
            "Collectors.toSet()",
            "Collectors.groupingBy(",
            "java.util.Map.forEach(",
            "java.util.Map.keySet()",
            "java.util.Map.values()",
            "java.util.HashMap.entrySet()",
            "java.util.HashSet.<init>()")
        .doesNotContain("java.util.HashMap.<init>()");
  }

  @Test
  void seesTheRuntimePassTheEnvironmentBy() {
    assertThat(Broken.report(EngineRules.RUNTIME_ENVIRONMENT))
        .contains(
            "TimeUnit.sleep(",
            "Thread.sleep(",
            "java.lang.Thread.<init>(",
            "Executors.newCachedThreadPool()",
            "CompletableFuture.runAsync(",
            "CompletableFuture.orTimeout(",
            "parallelStream()",
            "SecureRandom.<init>()",
            "System.nanoTime()");
    assertThat(Broken.report(EngineRules.RUNTIME_ORDER)).contains("java.util.Set.of(");
  }

  @Test
  void seesTheCoreReachUp() {
    assertThat(Broken.report(EngineRules.DOWNWARDS)).contains("Careless");
  }

  @Test
  void everyPackageIsUnderTheRulesOfOneKind() {
    List<String> packages =
        Project.mainClasses("raft-engine").stream()
            .map(JavaClass::getPackageName)
            .distinct()
            .toList();
    assertThat(packages)
        .allSatisfy(
            name -> assertThat(EngineRules.patternsOf(name)).as("rules for %s", name).hasSize(1));
    assertThat(packages.stream().flatMap(name -> EngineRules.patternsOf(name).stream()))
        .as("the rules look at something")
        .containsAll(EngineRules.patterns());
  }

  @Test
  void seesAPackageUnderNoRule() {
    assertThat(EngineRules.patternsOf("dev.quorate.raft.engine.novelty")).isEmpty();
  }
}
