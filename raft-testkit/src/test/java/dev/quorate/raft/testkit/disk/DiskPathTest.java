package dev.quorate.raft.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The arithmetic of paths is that of Unix. */
class DiskPathTest {

  private static final List<Function<Path, Object>> OF_ONE =
      List.of(
          Path::isAbsolute,
          Path::getRoot,
          Path::getFileName,
          Path::getParent,
          Path::getNameCount,
          Path::normalize,
          path -> path.getName(0),
          path -> path.subpath(0, path.getNameCount() - 1),
          path -> path.subpath(1, path.getNameCount()),
          path -> {
            List<String> names = new ArrayList<>();
            path.forEach(name -> names.add(name.toString()));
            return names;
          });

  private static final List<BiFunction<Path, Path, Object>> OF_TWO =
      List.of(
          Path::resolve,
          Path::resolveSibling,
          Path::startsWith,
          Path::endsWith,
          Path::equals,
          (one, other) -> Integer.signum(one.compareTo(other)));

  private final SimulatedDisk disk = SimulatedDisk.create(1);

  private Path simulated(String text) {
    return disk.root().getFileSystem().getPath(text);
  }

  private static String say(Function<Path, Object> function, Path path) {
    try {
      return String.valueOf(function.apply(path));
    } catch (IllegalArgumentException e) {
      return e.getClass().getSimpleName();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void isThatOfUnix() {
    String[] parts = {"a", "b", "ab", ".", "..", "/", "/", "//", ""};
    Random random = new Random(4);
    List<String> texts = new ArrayList<>(List.of("", "/", "a", "/a"));
    for (int i = 0; i < 120; i++) {
      StringBuilder text = new StringBuilder();
      for (int left = random.nextInt(7); left > 0; left--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      texts.add(text.toString());
    }
    for (String one : texts) {
      assertThat(simulated(one)).hasToString(Path.of(one).toString());
      for (Function<Path, Object> function : OF_ONE) {
        assertThat(say(function, simulated(one))).as(one).isEqualTo(say(function, Path.of(one)));
      }
      for (String other : texts) {
        for (BiFunction<Path, Path, Object> function : OF_TWO) {
          assertThat(say(path -> function.apply(path, simulated(other)), simulated(one)))
              .as("%s and %s", one, other)
              .isEqualTo(say(path -> function.apply(path, Path.of(other)), Path.of(one)));
        }
        if (!one.contains(".") && !other.contains(".")) {
          assertThat(say(path -> path.relativize(simulated(other)), simulated(one)))
              .as("%s to %s", one, other)
              .isEqualTo(say(path -> path.relativize(Path.of(other)), Path.of(one)));
        }
      }
    }
  }

  @Test
  void equalPathsHaveOneHash() {
    assertThat(simulated("/a//b")).isEqualTo(simulated("/a/b")).hasSameHashCodeAs("/a/b");
    assertThat(simulated("/a/b").resolve("c")).isEqualTo(simulated("/a/b/c"));
  }

  /** A path of a process that is dead is not one of the next. */
  @Test
  void pathsOfTwoProcessesDiffer() {
    Path before = disk.path("/a");
    disk.kill();
    assertThat(disk.path("/a")).isNotEqualTo(before);
  }

  @Test
  void pathsOfOtherFileSystemsAreRefused() {
    assertThatThrownBy(() -> disk.root().resolve(Path.of("a")))
        .isInstanceOf(ProviderMismatchException.class);
  }
}
