package dev.quorate.chat.json;

import static dev.quorate.chat.json.UnreadableJsonException.Problem.MALFORMED;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a whole text as one JSON object, into maps, lists, texts, {@code BigDecimal}s and {@code
 * Boolean}s. Unlike the tree of JSON-P's own reader this refuses repeated keys and anything after
 * the object's end. Null is no value here and is refused too.
 */
final class JsonTree {

  private static final JsonParserFactory PARSERS = Json.createParserFactory(Map.of());

  private final JsonParser parser;

  private JsonTree(JsonParser parser) {
    this.parser = parser;
  }

  static Map<String, Object> read(String text) {
    try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
      if (!parser.hasNext() || parser.next() != Event.START_OBJECT) {
        throw new UnreadableJsonException(MALFORMED, "a JSON object is expected");
      }
      Map<String, Object> object = new JsonTree(parser).object("");
      // Looks for more text behind the end, and throws if there is any.
      parser.hasNext();
      return object;
    } catch (JsonException e) {
      throw new UnreadableJsonException(MALFORMED, "no JSON: " + e.getMessage());
    }
  }

  private Map<String, Object> object(String path) {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.next() == Event.KEY_NAME) {
      String key = parser.getString();
      String where = path.isEmpty() ? key : path + "." + key;
      if (members.put(key, value(parser.next(), where)) != null) {
        throw new UnreadableJsonException(MALFORMED, "key '" + where + "' stands twice");
      }
    }
    return members;
  }

  private List<Object> array(String path) {
    List<Object> elements = new ArrayList<>();
    for (Event event = parser.next(); event != Event.END_ARRAY; event = parser.next()) {
      elements.add(value(event, path + "[" + elements.size() + "]"));
    }
    return elements;
  }

  private Object value(Event event, String path) {
    return switch (event) {
      case START_OBJECT -> object(path);
      case START_ARRAY -> array(path);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER -> parser.getBigDecimal();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      default -> throw new UnreadableJsonException(MALFORMED, "key '" + path + "' has no value");
    };
  }
}
