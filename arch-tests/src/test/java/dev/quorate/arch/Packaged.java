package dev.quorate.arch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** The packaged jars of all modules, which the build collects before the {@code *IT} run. */
final class Packaged {

  static final Path MODULES = Project.ROOT.resolve("arch-tests/target/modules");

  private static final String SERVICES = "META-INF/services/";

  private Packaged() {}

  static ModuleFinder finder() {
    return ModuleFinder.of(MODULES);
  }

  static ModuleReference module(String name) {
    return finder()
        .find(name)
        .orElseThrow(() -> new IllegalStateException("no module " + name + " in " + MODULES));
  }

  static Path jar(String module) {
    URI location = module(module).location().orElseThrow();
    return Path.of(location);
  }

  /** A module path of exactly these modules. */
  static String path(Collection<String> modules) {
    return String.join(
        File.pathSeparator,
        modules.stream().sorted().map(module -> jar(module).toString()).toList());
  }

  /** What the jar's files below {@code META-INF/services} say: providers by service. */
  static SortedMap<String, Set<String>> services(String module) {
    SortedMap<String, Set<String>> services = new TreeMap<>();
    try (JarFile jar = new JarFile(jar(module).toFile())) {
      List<String> files =
          jar.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.startsWith(SERVICES) && !name.endsWith("/"))
              .toList();
      for (String file : files) {
        try (InputStream in = jar.getInputStream(jar.getEntry(file))) {
          String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          services.put(file.substring(SERVICES.length()), providers(text));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return services;
  }

  private static Set<String> providers(String text) {
    Set<String> providers = new TreeSet<>();
    text.lines().map(line -> line.replaceFirst("#.*", "").strip()).forEach(providers::add);
    providers.remove("");
    return providers;
  }

  static long bytes(Collection<String> modules) {
    long sum = 0;
    for (String module : modules) {
      try {
        sum += Files.size(jar(module));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return sum;
  }
}
