package dev.quorate.raft.testkit;

import java.lang.StackWalker.StackFrame;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How a person sees a failure again. */
final class Replay {

  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private Replay() {}

  /** The command that runs the test again that is running, if this thread runs one. */
  static String of(long seed) {
    return STACK.walk(frames -> command(frames, seed));
  }

  private static String command(Stream<StackFrame> frames, long seed) {
    return frames
        .filter(frame -> isTest(frame, SimulationTest.class) || isTest(frame, Test.class))
        .findFirst()
        .map(
            test ->
                "mvn test -Dtest="
                    + test.getDeclaringClass().getSimpleName()
                    + "#"
                    + test.getMethodName()
                    // A test that is none of many seeds has said which it wants.
                    + (isTest(test, SimulationTest.class)
                        ? " -D" + Simulation.SEED + "=" + seed
                        : ""))
        .orElse("the same simulation with .seed(" + seed + ")");
  }

  private static boolean isTest(StackFrame frame, Class<? extends Annotation> annotation) {
    for (Method method : frame.getDeclaringClass().getDeclaredMethods()) {
      if (method.getName().equals(frame.getMethodName())
          && method.isAnnotationPresent(annotation)) {
        return true;
      }
    }
    return false;
  }
}
