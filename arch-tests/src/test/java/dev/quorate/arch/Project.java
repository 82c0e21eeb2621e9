package dev.quorate.arch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The modules of this repository, as they are on the disk and built. */
final class Project {

  static final Path ROOT = root();

  private static final String SELF = "arch-tests";
  private static final JavaClasses MAIN = read();
  private static final JavaClasses BROKEN =
      new ClassFileImporter().importPath(ROOT.resolve(SELF + "/target/test-classes"));

  private Project() {}

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IllegalStateException("not within the repository: " + Path.of(""));
      }
    }
    return directory;
  }

  /** The names of all modules with code of their own, this one not among them. */
  static List<String> modules() {
    return modulesWith("src/main/java");
  }

  private static List<String> modulesWith(String folder) {
    try (Stream<Path> children = Files.list(ROOT)) {
      return children
          .filter(child -> Files.isDirectory(child.resolve(folder)))
          .map(child -> child.getFileName().toString())
          .filter(name -> !name.equals(SELF))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The classes of all modules. */
  static JavaClasses mainClasses() {
    return MAIN;
  }

  /** The classes of one module. */
  static JavaClasses mainClasses(String module) {
    return new ClassFileImporter().importPath(ROOT.resolve(module).resolve("target/classes"));
  }

  /** Classes that break the rules. */
  static JavaClasses brokenClasses() {
    return BROKEN;
  }

  private static JavaClasses read() {
    List<Path> folders =
        modules().stream()
            .map(module -> ROOT.resolve(module).resolve("target/classes"))
            .filter(Files::isDirectory)
            .toList();
    return new ClassFileImporter().importPaths(folders);
  }

  /** A module's descriptor, if it has one. */
  static Optional<ModuleDescriptor> descriptor(String module) {
    Path file = ROOT.resolve(module).resolve("target/classes/module-info.class");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(ModuleDescriptor.read(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Java sources below a folder of every module but this, such as {@code src/main/java}. */
  static List<Path> sources(String folder) {
    List<Path> found = new ArrayList<>();
    modulesWith(folder)
        .forEach(module -> found.addAll(files(ROOT.resolve(module).resolve(folder), ".java")));
    return found;
  }

  /** The files below a folder, if it is there, whose names end so; sorted. */
  static Collection<Path> files(Path folder, String ending) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
