package dev.quorate.simulation.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.quorate.simulation.Stage;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every mutant is found within its number of seeds; a check that nothing can fail proves nothing
 * (the method of openraft's issue 1802).
 */
class MutantGateTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path MUTANTS = Path.of("src", "test", "mutants");
  private static final long FIRST_SEED = Long.getLong("quorate.simulation.seed", 1);
  private static final String ONLY = System.getProperty("quorate.mutant", "");
  private static final boolean SEARCHES =
      Boolean.getBoolean("quorate.mutant.search") || FIRST_SEED != 1;

  /** The page has a table of mutants, with the first seed that finds each. */
  private static final Path PAGE = ROOT.resolve(Path.of("docs", "verification.md"));

  private static final Pattern ROW =
      Pattern.compile("\\| (?<name>m\\d+ .*?) \\| (?<seed>\\d+) \\|.*");

  private static final Map<String, String> FOUND = new ConcurrentSkipListMap<>();

  @BeforeAll
  static void onceIsEnough() {
    assumeFalse(
        "short".equals(System.getProperty("quorate.scenarios")),
        "the mutants are the same on every JDK, and the whole build has met them");
  }

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  Stream<DynamicTest> everyMutantIsFound() throws IOException {
    try (Stream<Path> files = Files.list(MUTANTS)) {
      List<Path> sorted =
          files.filter(file -> file.getFileName().toString().startsWith(ONLY)).sorted().toList();
      assertThat(sorted).isNotEmpty();
      return sorted.stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> find(file)));
    }
  }

  @AfterAll
  static void show() {
    FOUND.forEach((name, found) -> System.out.println("| " + name + " | " + found + " |"));
  }

  private static void find(Path file) throws Exception {
    Mutant mutant = Mutant.read(file);
    if (mutant.test().isPresent()) {
      failsItsTest(mutant, mutant.test().get(), file);
      return;
    }
    long seed = firstThatFinds(mutant, file);
    assertThat(Stage.breaks(mutant.stage().name(), seed))
        .as("the product itself, on the seed that finds " + mutant.name())
        .isEmpty();
  }

  /** That the product itself does not is seen where the test is. */
  private static void failsItsTest(Mutant mutant, Mutant.Test test, Path file) throws Exception {
    Path tests = ROOT.resolve(Path.of(test.module(), "target", "test-classes"));
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (MutantLoader loader =
        MutantLoader.of(MutantClasses.of(mutant, ROOT, file), List.of(tests))) {
      Thread.currentThread().setContextClassLoader(loader);
      Method failure =
          loader.loadClass(UnitTest.class.getName()).getMethod("failure", String.class);
      assertThat((String) failure.invoke(null, test.method()))
          .as(mutant.name() + ": what " + test + " says")
          .contains("AssertionError");
      FOUND.put(mutant.name(), test.method().replaceAll("(\\w+\\.)*(\\w+)#", "$2."));
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static long firstThatFinds(Mutant mutant, Path file) throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (MutantLoader loader = MutantLoader.of(MutantClasses.of(mutant, ROOT, file), List.of())) {
      Class<?> stages = loader.loadClass(Stage.class.getName());
      Method breaks = stages.getMethod("breaks", String.class, long.class);
      Thread.currentThread().setContextClassLoader(loader);
      for (long seed : seeds(mutant)) {
        String invariant = (String) breaks.invoke(null, mutant.stage().name(), seed);
        if (!invariant.isEmpty()) {
          FOUND.put(mutant.name(), seed + " | " + invariant + onStage(mutant));
          if (Boolean.getBoolean("quorate.mutant.explain")) {
            explain(stages, mutant, seed);
          }
          return seed;
        }
      }
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(mutant.name(), e.getCause());
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    throw new AssertionError(mutant.name() + ": not found within " + mutant.seeds() + " seeds");
  }

  private static String onStage(Mutant mutant) {
    return mutant.stage() == Stage.CAMPAIGN ? "" : " | " + mutant.stage();
  }

  /**
   * In which order to try the seeds. The build begins with the one of the page, which takes a
   * second where all those before it take a minute; what it does not find is searched for, within
   * the same bound.
   */
  private static long[] seeds(Mutant mutant) throws IOException {
    LongStream all = LongStream.rangeClosed(FIRST_SEED, mutant.seeds());
    if (SEARCHES) {
      return all.toArray();
    }
    LongStream known =
        Files.readAllLines(PAGE).stream()
            .map(ROW::matcher)
            .filter(row -> row.matches() && row.group("name").equals(mutant.name()))
            .mapToLong(row -> Long.parseLong(row.group("seed")))
            .filter(seed -> seed <= mutant.seeds());
    return LongStream.concat(known, all).toArray();
  }

  /** Shows how a mutant is found: the shrunk run and its trace. */
  private static void explain(Class<?> stages, Mutant mutant, long seed)
      throws ReflectiveOperationException {
    try {
      stages.getMethod("run", String.class, long.class).invoke(null, mutant.stage().name(), seed);
    } catch (InvocationTargetException e) {
      System.out.println(e.getCause().getMessage());
    }
  }
}
