package dev.quorate.chat.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {

  @ParameterizedTest
  @CsvSource({
    "alice, alice, true",
    "alice, Alice, false",
    "alice, alice2, false",
    "ali, alice, false",
    "*, alice, true",
    "a*, alice, true",
    "*e, alice, true",
    "a*c*, alice, true",
    "a*x*, alice, false",
    "a**e, alice, true",
    "*a*a*, banana, true",
    "?, a, true",
    "?, ab, false",
    "?????, alice, true",
    "??????, alice, false",
    "?, 😀, true",
    "[a-c]ob, bob, true",
    "[a-c]ob, rob, false",
    "[!a-c]ob, rob, true",
    "[!a-c]ob, bob, false",
    "[abx-z]*, zoe, true",
    "[abx-z]*, carl, false",
    "[]]*, ']x', true",
    "[!]]*, ']x', false",
    "[a-], -, true",
    "[-a], -, true",
    "[*], *, true",
    "[*], a, false",
    "[[]x, '[x', true",
    "a.c, abc, false",
    "(, (, true",
    "*bob, bobbob, true"
  })
  void matchesWholeNames(String pattern, String name, boolean matches) {
    assertThat(NamePattern.of(pattern).matches(name)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[a", "[", "[]", "[!]", "[z-a]", "x[!z-a]"})
  void refusesWhatIsNoPattern(String pattern) {
    assertThatThrownBy(() -> NamePattern.of(pattern)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAPatternThatIsTooLong() {
    assertThatThrownBy(() -> NamePattern.of("a".repeat(257)))
        .hasMessageContaining("1 to 256 characters");
  }

  @Test
  void aHostilePatternIsCheap() {
    NamePattern pattern = NamePattern.of("a*".repeat(127) + "b");

    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThat(pattern.matches("a".repeat(64))).isFalse());
  }
}
