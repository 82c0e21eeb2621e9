package dev.quorate.raft.testkit;

import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;

/** How a person sees a failure again. */
final class Replay {

  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private static final String OF_MANY_SEEDS = SimulationTest.class.getName();

  /** By name, because a simulation may also run where there is no JUnit. */
  private static final String PLAIN = "org.junit.jupiter.api.Test";

  private Replay() {}

  /** The command that runs the test again that is running, if this thread runs one. */
  static String of(long seed) {
    return STACK.walk(frames -> command(frames, seed));
  }

  private static String command(Stream<StackFrame> frames, long seed) {
    return frames
        .filter(frame -> isTest(frame, OF_MANY_SEEDS) || isTest(frame, PLAIN))
        .findFirst()
        .map(
            test ->
                "mvn test -Dtest="
                    + test.getDeclaringClass().getSimpleName()
                    + "#"
                    + test.getMethodName()
                    // A test that is none of many seeds has said which it wants.
                    + (isTest(test, OF_MANY_SEEDS) ? " -D" + Simulation.SEED + "=" + seed : ""))
        .orElse("the same simulation with .seed(" + seed + ")");
  }

  private static boolean isTest(StackFrame frame, String annotation) {
    return Stream.of(frame.getDeclaringClass().getDeclaredMethods())
        .filter(method -> method.getName().equals(frame.getMethodName()))
        .flatMap(Replay::annotations)
        .anyMatch(annotation::equals);
  }

  private static Stream<String> annotations(Method method) {
    return Arrays.stream(method.getAnnotations()).map(it -> it.annotationType().getName());
  }
}
