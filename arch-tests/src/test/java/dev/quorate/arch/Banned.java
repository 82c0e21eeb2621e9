package dev.quorate.arch;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** What code that must behave the same in every run, or in a simulator, does not call. */
final class Banned {

  private static final List<String> UNORDERED_MAPS =
      List.of("java.util.Map", "java.util.HashMap", "java.util.AbstractMap");

  /** The clocks of this machine. */
  static final Predicate<JavaAccess<?>> CLOCK =
      calls("java.lang.System", "nanoTime", "currentTimeMillis")
          .or(calls("java.util.Date", "<init>"))
          .or(access -> owner(access).startsWith("java.time.") && name(access).equals("now"))
          .or(access -> owner(access).startsWith("java.time.Clock"));

  /** Sources of randomness of this machine. */
  static final Predicate<JavaAccess<?>> RANDOMNESS =
      calls("java.lang.Math", "random")
          .or(calls("java.lang.StrictMath", "random"))
          .or(calls("java.util.UUID", "randomUUID"))
          .or(calls("java.util.random.RandomGenerator", "getDefault", "of"))
          .or(calls("java.util.random.RandomGeneratorFactory"))
          .or(calls("java.util.Random", "<init>"))
          .or(calls("java.util.SplittableRandom", "<init>"))
          .or(calls("java.util.concurrent.ThreadLocalRandom"))
          .or(calls("java.security.SecureRandom"))
          .or(calls("java.lang.System", "identityHashCode"))
          .or(
              calls("java.util.Collections", "shuffle")
                  .and(access -> parameters(access).size() == 1));

  /** Threads that nobody injected, and waiting. */
  static final Predicate<JavaAccess<?>> THREADS =
      calls("java.lang.Thread", "<init>", "start", "sleep", "interrupt", "ofVirtual", "ofPlatform")
          .or(calls("java.util.Timer"))
          .or(calls("java.util.concurrent.Executors"))
          .or(calls("java.util.concurrent.ThreadPoolExecutor"))
          .or(calls("java.util.concurrent.ScheduledThreadPoolExecutor"))
          .or(calls("java.util.concurrent.ForkJoinPool"))
          .or(calls("java.util.concurrent.locks.LockSupport"))
          .or(access -> name(access).equals("sleep") && owner(access).endsWith(".TimeUnit"))
          .or(calls("java.lang.Object", "wait"))
          .or(
              access ->
                  owner(access).equals("java.util.concurrent.CompletableFuture")
                      && isOnCommonPool(access))
          .or(access -> name(access).equals("parallelStream"))
          .or(access -> name(access).equals("parallel") && owner(access).contains("Stream"));

  /**
   * Orders that differ between runs: the iteration of immutable sets and maps is salted by each
   * JVM, that of hash tables depends on hash codes. A field that is iterated is declared with a
   * type that has an order, such as {@code SortedMap}; a map without one may be asked, but not
   * iterated.
   */
  static final Predicate<JavaAccess<?>> UNORDERED =
      calls("java.util.Set", "of", "copyOf")
          .or(calls("java.util.Map", "of", "ofEntries", "copyOf"))
          .and(access -> !parameters(access).isEmpty())
          .or(calls("java.util.HashSet", "<init>"))
          .or(calls("java.util.IdentityHashMap", "<init>"))
          .or(calls("java.util.WeakHashMap", "<init>"))
          .or(calls("java.util.stream.Collectors", "toSet", "toUnmodifiableSet"))
          .or(calls("java.util.stream.Collectors", "toUnmodifiableMap"))
          .or(
              calls("java.util.stream.Collectors", "toMap", "groupingBy")
                  .and(
                      access ->
                          parameters(access).stream()
                              .noneMatch(type -> type.equals("java.util.function.Supplier"))))
          .or(
              access ->
                  UNORDERED_MAPS.contains(owner(access))
                      && List.of(
                              "keySet", "values", "entrySet", "forEach", "replaceAll", "toString")
                          .contains(name(access)));

  private Banned() {}

  /** Any member of the class, or the named ones. */
  static Predicate<JavaAccess<?>> calls(String owner, String... names) {
    List<String> wanted = Arrays.asList(names);
    return access ->
        owner(access).equals(owner) && (wanted.isEmpty() || wanted.contains(name(access)));
  }

  /** Makes or takes part of its work on the pool that all share, or on a timer of the JDK. */
  private static boolean isOnCommonPool(JavaAccess<?> access) {
    boolean async = name(access).endsWith("Async");
    boolean hasExecutor = parameters(access).contains("java.util.concurrent.Executor");
    return async && !hasExecutor
        || List.of("orTimeout", "completeOnTimeout", "delayedExecutor").contains(name(access));
  }

  static String owner(JavaAccess<?> access) {
    return access.getTargetOwner().getName();
  }

  static String name(JavaAccess<?> access) {
    return access.getTarget().getName();
  }

  private static List<String> parameters(JavaAccess<?> access) {
    if (access.getTarget() instanceof CodeUnitAccessTarget target) {
      return target.getRawParameterTypes().stream().map(JavaClass::getName).toList();
    }
    return List.of();
  }

  /** Reports every access that matches, method references included. */
  static ArchCondition<JavaClass> access(String what, Predicate<JavaAccess<?>> banned) {
    return new ArchCondition<>(what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
          if (banned.test(access)) {
            events.add(SimpleConditionEvent.satisfied(access, access.getDescription()));
          }
        }
      }
    };
  }

  /** Reports locks and waits that the language itself offers. */
  static ArchCondition<JavaClass> haveSynchronizedMethods() {
    return new ArchCondition<>("have synchronized methods") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaCodeUnit method : type.getCodeUnits()) {
          if (method.getModifiers().contains(JavaModifier.SYNCHRONIZED)) {
            events.add(SimpleConditionEvent.satisfied(method, method.getDescription()));
          }
        }
      }
    };
  }
}
