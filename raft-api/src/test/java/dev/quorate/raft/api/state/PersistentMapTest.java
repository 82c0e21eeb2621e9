package dev.quorate.raft.api.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PersistentMapTest {
  private static final PersistentMap<Integer, String> EMPTY =
      PersistentMap.sortedBy(Comparator.<Integer>naturalOrder());

  @Test
  void isLikeATreeMapOfWhichEveryMomentIsKept() {
    for (long seed = 1; seed <= 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int keys = random.nextInt(1, 200);
      TreeMap<Integer, String> expected = new TreeMap<>();
      PersistentMap<Integer, String> map = EMPTY;
      List<PersistentMap<Integer, String>> moments = new ArrayList<>();
      List<TreeMap<Integer, String>> contents = new ArrayList<>();
      for (int step = 0; step < 500; step++) {
        int key = random.nextInt(keys);
        if (random.nextInt(3) == 0) {
          map = map.without(key);
          expected.remove(key);
        } else {
          map = map.with(key, "value " + step);
          expected.put(key, "value " + step);
        }
        assertThat(map.get(key)).as("seed %d", seed).isEqualTo(valueOf(expected, key));
        if (step % 50 == 0) {
          moments.add(map);
          contents.add(new TreeMap<>(expected));
        }
      }
      for (int i = 0; i < moments.size(); i++) {
        assertThat(moments.get(i))
            .as("seed %d", seed)
            .containsExactlyElementsOf(contents.get(i).entrySet());
        assertThat(moments.get(i).size()).as("seed %d", seed).isEqualTo(contents.get(i).size());
      }
    }
  }

  private static Optional<String> valueOf(Map<Integer, String> map, int key) {
    return Optional.ofNullable(map.get(key));
  }

  /**
   * An unbalanced tree would be a list of a million, and its recursion would overflow the stack.
   */
  @Test
  void staysShallowWhenKeysComeInOrder() {
    PersistentMap<Integer, String> map = EMPTY;
    for (int i = 0; i < 1_000_000; i++) {
      map = map.with(i, "");
    }
    for (int i = 0; i < 999_999; i++) {
      map = map.without(i);
    }
    assertThat(map).containsExactly(Map.entry(999_999, ""));
  }

  @Test
  void withoutAKeyThatIsNotThereItIsTheSame() {
    PersistentMap<Integer, String> map = EMPTY.with(1, "one");
    assertThat(map.without(2)).isSameAs(map);
    assertThat(map.without(1)).isEmpty();
  }

  @Test
  void keysAreOrderedAndEqualAsTheComparatorSays() {
    PersistentMap<String, Integer> map =
        PersistentMap.<String, Integer>sortedBy(String.CASE_INSENSITIVE_ORDER)
            .with("b", 1)
            .with("A", 2)
            .with("B", 3);
    assertThat(map).containsExactly(Map.entry("A", 2), Map.entry("B", 3));
  }

  @Test
  void refusesNullAndToGoBeyondTheEnd() {
    assertThatThrownBy(() -> EMPTY.with(null, "")).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> EMPTY.with(1, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> EMPTY.get(null)).isInstanceOf(NullPointerException.class);
    Iterator<Map.Entry<Integer, String>> end = EMPTY.iterator();
    assertThatThrownBy(end::next).isInstanceOf(NoSuchElementException.class);
  }
}
