package dev.quorate.arch.broken.cycle.b;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.quorate.arch.broken.cycle.a.First;
import java.util.List;

/** The other half, which also shows a foreign type in its signature. */
public final class Second {
  First first;

  /** Not for an exported package. */
  public List<JavaClass> foreign() {
    return List.of();
  }

  List<JavaClass> hidden() {
    return List.of();
  }
}
