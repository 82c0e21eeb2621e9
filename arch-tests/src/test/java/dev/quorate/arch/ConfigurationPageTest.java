package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.engine.runtime.ClientSettings;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.engine.runtime.Plugins;
import dev.quorate.raft.storage.file.FileStorageProvider;
import dev.quorate.raft.transport.grpc.net.GrpcSettings;
import dev.quorate.raft.transport.tcp.net.TcpSettings;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page of all keys says what the code says; what there is, the code is asked for. */
class ConfigurationPageTest {

  private static final String PAGE = "docs/configuration.md";
  private static final Pattern ROW =
      Pattern.compile("\\| `(raft\\.[^`]+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");
  private static final Pattern RANGE = Pattern.compile("(\\S+) – (\\S+)");
  private static final Duration FOREVER = Duration.ofDays(1_000);

  /** Who reads the keys of each prefix, and makes of them something that has equals. */
  private static final Map<String, Function<Settings, Object>> READERS =
      Map.of(
          "raft.", settings -> EngineSettings.of(settings, "tcp", "file"),
          "raft.client.", settings -> ClientSettings.of(settings, "tcp"),
          "raft.transport.tcp.", TcpSettings::from,
          "raft.transport.grpc.", GrpcSettings::from,
          "raft.storage.file.", ConfigurationPageTest::fileStorage);

  private record Row(String key, String byDefault, String accepted) {}

  static Stream<String> prefixes() {
    return READERS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("prefixes")
  void everyKeyIsOnThePageWithItsDefaultAndBounds(String prefix) {
    SortedMap<String, Row> rows = rows();
    List<String> known = known(prefix);
    assertThat(known).isNotEmpty();
    for (String key : known) {
      assertThat(rows).as("%s has a row for every key", PAGE).containsKey(key);
      if (!key.equals("raft.transport") && !key.equals("raft.storage")) {
        checkDefault(prefix, rows.get(key));
        checkBounds(prefix, rows.get(key));
      }
    }
  }

  @Test
  void noKeyOnThePageIsInvented() {
    assertThat(prefixes().flatMap(prefix -> known(prefix).stream()))
        .containsExactlyInAnyOrderElementsOf(rows().keySet());
  }

  @Test
  void thePlugInsAreTheOnesThatAreTakenByDefault() {
    assertThat(rows().get("raft.transport").byDefault())
        .isEqualTo(Plugins.transport(Settings.empty()).name());
    assertThat(rows().get("raft.storage").byDefault())
        .isEqualTo(Plugins.storage(Settings.empty()).name());
  }

  /** A key says itself what is known under its prefix, when it is not. */
  private static List<String> known(String prefix) {
    String message = refusal(prefix, prefix + "no-such-key", "x");
    String list = message.substring(message.indexOf(prefix + "': ") + prefix.length() + 3);
    return List.of(list.split(", "));
  }

  private static void checkDefault(String prefix, Row row) {
    Function<Settings, Object> reader = READERS.get(prefix);
    assertThat(reader.apply(Settings.empty().with(row.key(), row.byDefault())))
        .as("the default of %s", row.key())
        .isEqualTo(reader.apply(Settings.empty()));
  }

  private static void checkBounds(String prefix, Row row) {
    String message = refusal(prefix, row.key(), "*");
    String accepted = message.replaceFirst("(?s).*it takes ", "").replaceFirst(", such as .*", "");
    Matcher range = RANGE.matcher(row.accepted());
    if (range.matches()) {
      Matcher code = Pattern.compile("from (\\S+) to (\\S+)").matcher(accepted);
      assertThat(code.find()).as(accepted).isTrue();
      assertThat(List.of(value(range.group(1)), value(range.group(2))))
          .as("the bounds of %s, of which the code says: %s", row.key(), accepted)
          .containsExactly(value(code.group(1)), value(code.group(2)));
    } else {
      assertThat(row.accepted()).isEqualTo(accepted);
    }
  }

  private static String refusal(String prefix, String key, String value) {
    return catchThrowableOfType(
            ConfigurationException.class,
            () -> READERS.get(prefix).apply(Settings.empty().with(key, value)))
        .getMessage();
  }

  /** A duration, or a number of bytes or of anything, as settings read them. */
  private static Object value(String text) {
    Settings settings = Settings.empty().with("key", text);
    return text.matches("\\d+(us|ms|s|m|h)")
        ? settings.duration("key", FOREVER, Duration.ZERO, FOREVER)
        : (Object) settings.bytes("key", 0, 0, Long.MAX_VALUE);
  }

  private static SortedMap<String, Row> rows() {
    SortedMap<String, Row> rows = new TreeMap<>();
    Project.text(Project.ROOT.resolve(PAGE))
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .map(row -> new Row(row.group(1), row.group(2).strip(), row.group(3).strip()))
        .forEach(row -> rows.put(row.key(), row));
    return rows;
  }

  /** The provider reads its key while it opens; so what is wrong is learnt by opening nothing. */
  private static Object fileStorage(Settings settings) {
    String key = "raft.storage.file.segment-bytes";
    try {
      boolean isWellFormed = settings.asMap().keySet().stream().allMatch(key::equals);
      if (!isWellFormed || "*".equals(settings.text(key, ""))) {
        return new FileStorageProvider()
            .open(
                new StorageContext(
                    Path.of("target", "never-opened"),
                    "cluster",
                    NodeId.of("n1"),
                    1,
                    "test",
                    settings));
      }
      Field byDefault = FileStorageProvider.class.getDeclaredField("DEFAULT_SEGMENT_BYTES");
      byDefault.setAccessible(true);
      return settings.bytes(key, byDefault.getLong(null), 0, Long.MAX_VALUE);
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
