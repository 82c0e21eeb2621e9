package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The module graph, read from the packaged jars. */
class PackagedModulesIT {

  private static final long MAX_DEFAULT_STACK_BYTES = 1_000_000;

  static Stream<String> libraries() {
    return ModuleGraph.REQUIRES.keySet().stream().sorted();
  }

  static Stream<String> named() {
    return ModuleGraph.EXPORTS.keySet().stream().sorted();
  }

  private static ModuleDescriptor descriptor(String module) {
    return Packaged.module(module).descriptor();
  }

  @Test
  void everyModuleIsARealOneAndNoneIsForgotten() {
    Set<String> real =
        Packaged.finder().findAll().stream()
            .map(ModuleReference::descriptor)
            .filter(module -> !module.isAutomatic())
            .map(ModuleDescriptor::name)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(real)
        .as("a module that is new has its place in ModuleGraph")
        .containsExactlyInAnyOrderElementsOf(ModuleGraph.EXPORTS.keySet());
    assertThat(Packaged.finder().findAll())
        .as("no module is an automatic one")
        .hasSize(real.size());
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aLibraryRequiresWhatTheDesignSaysAndNothingElse(String module) {
    assertThat(ModuleGraph.requiresOf(descriptor(module)))
        .as("what %s requires", module)
        .containsExactlyInAnyOrderElementsOf(ModuleGraph.REQUIRES.get(module));
  }

  @Test
  void anApplicationRequiresNoPlugIn() {
    ModuleGraph.APPLICATIONS.forEach(
        (module, accepted) ->
            assertThat(ModuleGraph.requiresOf(descriptor(module)))
                .as("plug-ins are found by name at run time, so %s does not require one", module)
                .filteredOn(name -> name.startsWith("dev.quorate."))
                .isSubsetOf(accepted));
  }

  @ParameterizedTest
  @MethodSource("named")
  void exportsWhatIsMeantToBeUsedAndNothingElse(String module) {
    assertThat(ModuleGraph.exportsOf(descriptor(module)))
        .as("implementation packages of %s are not exported", module)
        .containsExactlyInAnyOrderElementsOf(ModuleGraph.EXPORTS.get(module));
  }

  @ParameterizedTest
  @MethodSource("named")
  void exportsImplementationOnlyToWhomTheDesignSays(String module) {
    assertThat(ModuleGraph.exportsToSomeOf(descriptor(module)))
        .as("implementation packages of %s, with the modules that may use them", module)
        .isEqualTo(ModuleGraph.EXPORTS_TO_SOME.getOrDefault(module, Map.of()));
  }

  @ParameterizedTest
  @MethodSource("named")
  void classPathAndModulePathFindTheSameProviders(String module) {
    assertThat(Packaged.services(module))
        .as("META-INF/services of %s, beside what its descriptor provides", module)
        .isEqualTo(ModuleGraph.providesOf(descriptor(module)));
  }

  @Test
  void everyPlugInProvidesSomething() {
    for (String plugIn : List.of(ModuleGraph.TCP, ModuleGraph.GRPC, ModuleGraph.FILE)) {
      assertThat(ModuleGraph.providesOf(descriptor(plugIn))).as(plugIn).isNotEmpty();
    }
  }

  @Test
  void theDefaultStackNeedsNobodyElse() {
    Path[] jars =
        ModuleGraph.DEFAULT_STACK.stream().sorted().map(Packaged::jar).toArray(Path[]::new);
    Configuration resolved =
        Configuration.resolveAndBind(
            ModuleFinder.of(jars),
            List.of(ModuleLayer.boot().configuration()),
            ModuleFinder.of(),
            Set.of(ModuleGraph.ENGINE));
    assertThat(resolved.modules().stream().map(ResolvedModule::name))
        .as("the engine with the plug-ins that it finds")
        .containsExactlyInAnyOrderElementsOf(ModuleGraph.DEFAULT_STACK);
    assertThat(resolved.modules().stream().flatMap(module -> module.reads().stream()))
        .extracting(ResolvedModule::name)
        .as("what the default stack reads")
        .allMatch(name -> ModuleGraph.DEFAULT_STACK.contains(name) || name.equals("java.base"));
  }

  @Test
  void theDefaultStackIsSmall() {
    assertThat(Packaged.bytes(ModuleGraph.DEFAULT_STACK)).isLessThan(MAX_DEFAULT_STACK_BYTES);
  }
}
