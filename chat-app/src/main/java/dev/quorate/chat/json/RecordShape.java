package dev.quorate.chat.json;

import static dev.quorate.chat.json.UnreadableJsonException.Problem.MALFORMED;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Compares a JSON object with a record: exactly its components as keys, each with a value of its
 * type. Yasson alone would let much through: an overlong number is cut to size, a number is taken
 * for a text, and the messages do not say where.
 */
final class RecordShape {

  /** Reflection once a class. */
  private static final ClassValue<RecordShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return new RecordShape(type);
        }
      };

  private final Map<String, Type> components = new LinkedHashMap<>();

  private RecordShape(Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      components.put(component.getName(), component.getGenericType());
    }
  }

  /**
   * Checks an object.
   *
   * @param type a record class of {@code int}, {@code long}, {@code boolean}, texts, enums, other
   *     such records, lists of {@code Long}s or of these and maps from text to text
   * @param ignored a key that may stand in the object besides the components, or an empty text
   */
  static void check(Map<String, Object> object, Class<?> type, String ignored) {
    SHAPES.get(type).check(object, ignored, "");
  }

  private void check(Map<String, Object> object, String ignored, String path) {
    for (String key : object.keySet()) {
      if (!components.containsKey(key) && !key.equals(ignored)) {
        throw malformed("unknown key '" + path + key + "'; known are " + known());
      }
    }
    for (Map.Entry<String, Type> component : components.entrySet()) {
      Object value = object.get(component.getKey());
      if (value == null) {
        throw malformed("key '" + path + component.getKey() + "' is missing");
      }
      value(value, component.getValue(), path + component.getKey());
    }
  }

  private String known() {
    return String.join(", ", new TreeSet<>(components.keySet()));
  }

  private static void value(Object value, Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      container(value, generic, path);
    } else if (type == String.class) {
      require(value instanceof String, path, "a text");
    } else if (type == boolean.class) {
      require(value instanceof Boolean, path, "true or false");
    } else if (type == int.class) {
      require(isWhole(value, Integer.MIN_VALUE, Integer.MAX_VALUE), path, "a whole number");
    } else if (type == long.class || type == Long.class) {
      require(isWhole(value, Long.MIN_VALUE, Long.MAX_VALUE), path, "a whole number");
    } else if (((Class<?>) type).isEnum()) {
      List<String> names =
          Arrays.stream(((Class<?>) type).getEnumConstants()).map(Object::toString).toList();
      require(
          value instanceof String && names.contains(value),
          path,
          "one of " + String.join(", ", names));
    } else {
      SHAPES.get((Class<?>) type).check(object(value, path), "", path + ".");
    }
  }

  private static void container(Object value, ParameterizedType type, String path) {
    if (type.getRawType() == List.class) {
      require(value instanceof List, path, "an array");
      int i = 0;
      for (Object element : (List<?>) value) {
        value(element, type.getActualTypeArguments()[0], path + "[" + i++ + "]");
      }
    } else {
      object(value, path).forEach((key, text) -> value(text, String.class, path + "." + key));
    }
  }

  @SuppressWarnings("unchecked") // The tree has no other maps.
  private static Map<String, Object> object(Object value, String path) {
    require(value instanceof Map, path, "an object");
    return (Map<String, Object>) value;
  }

  private static boolean isWhole(Object value, long min, long max) {
    if (!(value instanceof BigDecimal number)) {
      return false;
    }
    try {
      long whole = number.longValueExact();
      return whole >= min && whole <= max;
    } catch (ArithmeticException e) {
      return false;
    }
  }

  private static void require(boolean holds, String path, String expected) {
    if (!holds) {
      throw malformed("key '" + path + "' must be " + expected);
    }
  }

  private static UnreadableJsonException malformed(String message) {
    return new UnreadableJsonException(MALFORMED, message);
  }
}
