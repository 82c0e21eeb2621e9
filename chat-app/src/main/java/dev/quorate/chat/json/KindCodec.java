package dev.quorate.chat.json;

import static dev.quorate.chat.json.UnreadableJsonException.Problem.MALFORMED;
import static dev.quorate.chat.json.UnreadableJsonException.Problem.UNKNOWN_KIND;
import static dev.quorate.chat.json.UnreadableJsonException.Problem.UNKNOWN_VERSION;

import jakarta.json.bind.annotation.JsonbSubtype;
import jakarta.json.bind.annotation.JsonbTypeInfo;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A family of records in an envelope {@code {"kind": …, "version": …, …}}. The family is a sealed
 * interface whose {@link JsonbTypeInfo} lists the kinds; the version is a component of every
 * record.
 *
 * @param <T> the sealed interface
 */
public final class KindCodec<T> {

  private static final String VERSION = "version";

  private final Map<String, Class<? extends T>> kinds = new TreeMap<>();
  private final String kindKey;
  private final BigDecimal version;

  /** A codec for the kinds that the annotation of {@code family} lists, in one version. */
  public KindCodec(Class<T> family, int version) {
    JsonbTypeInfo info = family.getAnnotation(JsonbTypeInfo.class);
    for (JsonbSubtype kind : info.value()) {
      kinds.put(kind.alias(), kind.type().asSubclass(family));
    }
    this.kindKey = info.key();
    this.version = BigDecimal.valueOf(version);
  }

  /** The bytes of a record. */
  public byte[] write(T value) {
    return StrictJson.write(value).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a record.
   *
   * @throws UnreadableJsonException if the bytes are no record of a known kind and version
   */
  public T read(ByteBuffer bytes) {
    String text = decode(bytes);
    Map<String, Object> tree = JsonTree.read(text);
    if (!(tree.get(kindKey) instanceof String kind)) {
      throw new UnreadableJsonException(MALFORMED, "key '" + kindKey + "' must be a text");
    }
    Class<? extends T> type = kinds.get(kind);
    if (type == null) {
      throw new UnreadableJsonException(
          UNKNOWN_KIND, "unknown kind '" + kind + "'; known are " + kinds.keySet());
    }
    if (!(tree.get(VERSION) instanceof BigDecimal number)) {
      throw new UnreadableJsonException(MALFORMED, "key 'version' must be a whole number");
    }
    if (number.compareTo(version) != 0) {
      throw new UnreadableJsonException(
          UNKNOWN_VERSION, "unknown version " + number + " of kind '" + kind + "'");
    }
    return StrictJson.bind(text, tree, type, kindKey);
  }

  private static String decode(ByteBuffer bytes) {
    try {
      // The decoder that replaces nothing: two different commands must not be read alike.
      CharBuffer chars = StandardCharsets.UTF_8.newDecoder().decode(bytes);
      return chars.toString();
    } catch (CharacterCodingException e) {
      throw new UnreadableJsonException(MALFORMED, "no UTF-8");
    }
  }
}
