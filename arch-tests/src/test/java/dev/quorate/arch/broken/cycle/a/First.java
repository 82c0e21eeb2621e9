package dev.quorate.arch.broken.cycle.a;

import dev.quorate.arch.broken.cycle.b.Second;

/** Half of a cycle between packages. */
public final class First {
  Second second;
}
