package dev.quorate.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rules between packages. */
final class PackageRules {

  static final ArchRule NO_CYCLES =
      slices()
          .assignedFrom(new ByPackage())
          .should()
          .beFreeOfCycles()
          .because("packages in a cycle are one package that can only be understood as a whole");

  private PackageRules() {}

  /** Nothing that an exported package shows is of another house. */
  static ArchRule onlyOwnTypes(Set<String> exported) {
    return classes()
        .that(isIn(exported))
        .should(showOnlyOwnTypes(exported))
        .because("whoever compiles against the library must need nothing else");
  }

  private static DescribedPredicate<JavaClass> isIn(Set<String> packages) {
    return DescribedPredicate.describe(
        "are public in an exported package",
        type -> packages.contains(type.getPackageName()) && isShown(type.getModifiers()));
  }

  private static boolean isShown(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static ArchCondition<JavaClass> showOnlyOwnTypes(Set<String> exported) {
    return new ArchCondition<>("show only types of java.base and of exported packages") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        List<JavaType> supertypes = new ArrayList<>(type.getInterfaces());
        type.getSuperclass().ifPresent(supertypes::add);
        supertypes.forEach(shown -> checkShown(type.getDescription(), shown, events));
        for (JavaMember member : type.getMembers()) {
          if (isShown(member.getModifiers())) {
            typesOf(member).forEach(shown -> checkShown(member.getDescription(), shown, events));
          }
        }
      }

      private void checkShown(String where, JavaType shown, ConditionEvents events) {
        for (JavaClass raw : shown.getAllInvolvedRawTypes()) {
          JavaClass base = raw.getBaseComponentType();
          String home = base.getPackageName();
          if (!base.isPrimitive() && !home.startsWith("java.") && !exported.contains(home)) {
            events.add(SimpleConditionEvent.violated(raw, where + " shows " + base.getName()));
          }
        }
      }
    };
  }

  private static List<JavaType> typesOf(JavaMember member) {
    List<JavaType> types = new ArrayList<>();
    if (member instanceof JavaField field) {
      types.add(field.getType());
    } else if (member instanceof JavaCodeUnit unit) {
      types.add(unit.getReturnType());
      types.addAll(unit.getParameterTypes());
      types.addAll(unit.getExceptionTypes());
    }
    return types;
  }

  private static final class ByPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().startsWith("dev.quorate.")
          ? SliceIdentifier.of(type.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
