package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import java.lang.module.ModuleDescriptor;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PackageRulesTest {

  @ParameterizedTest
  @MethodSource("dev.quorate.arch.Project#modules")
  void noModuleHasACycleBetweenPackages(String module) {
    PackageRules.NO_CYCLES.check(Project.mainClasses(module));
  }

  @Test
  void seesCycles() {
    assertThat(Broken.report(PackageRules.NO_CYCLES))
        .contains("dev.quorate.arch.broken.cycle.a ->", "dev.quorate.arch.broken.cycle.b ->");
  }

  @ParameterizedTest
  @MethodSource("dev.quorate.arch.ModuleGraph#libraries")
  void whatIsExportedShowsNoForeignTypes(String module) {
    ModuleDescriptor descriptor = Project.descriptor(module).orElseThrow();
    if (descriptor.exports().stream().anyMatch(export -> !export.isQualified())) {
      exportedBy(module).check(Project.mainClasses(module));
    }
  }

  /** What a module exports may also show what the API exports. */
  private static ArchRule exportedBy(String module) {
    ModuleDescriptor descriptor = Project.descriptor(module).orElseThrow();
    Set<String> exported = ModuleGraph.exportsOf(descriptor);
    exported.addAll(ModuleGraph.BINDS.getOrDefault(descriptor.name(), Set.of()));
    exported.addAll(ModuleGraph.exportsOf(Project.descriptor("raft-api").orElseThrow()));
    return PackageRules.onlyOwnTypes(exported);
  }

  @Test
  void seesForeignTypes() {
    ArchRule rule =
        PackageRules.onlyOwnTypes(
            Project.brokenClasses().stream()
                .map(type -> type.getPackageName())
                .filter(name -> name.endsWith(".cycle.b"))
                .collect(Collectors.toSet()));
    assertThat(Broken.report(rule))
        .contains("Second.foreign()> shows com.tngtech.archunit.core.domain.JavaClass")
        .doesNotContain("hidden()");
  }
}
