package dev.quorate.raft.engine.codec;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Of what kinds values are, and of what kinds there could be. */
final class Kinds {

  private Kinds() {}

  /** The records of a sealed interface, also those that other sealed interfaces gather. */
  static Set<Class<?>> of(Class<?> sealed) {
    return sealed.isSealed()
        ? Stream.of(sealed.getPermittedSubclasses())
            .flatMap(permitted -> of(permitted).stream())
            .collect(Collectors.toCollection(LinkedHashSet::new))
        : Set.of(sealed);
  }

  /** Of what kinds some values are. */
  static Set<Class<?>> in(Collection<?> values) {
    return values.stream().map(Object::getClass).collect(Collectors.toSet());
  }

  /** Those of some values that are of one kind. */
  static <T> Stream<T> only(Class<T> kind, Collection<?> values) {
    return values.stream().filter(kind::isInstance).map(kind::cast);
  }
}
