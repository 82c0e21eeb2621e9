package dev.quorate.raft.tools.dump;

import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/**
 * What of a directory is wanted.
 *
 * @param group one group, or all
 * @param from the first index of the entries
 * @param to the last one
 * @param payload whether to show what is in entries, which may be secret
 */
public record DumpOptions(Optional<String> group, long from, long to, boolean payload) {

  /** Those of the groups that are wanted. */
  List<String> groups(List<String> all) throws NoSuchFileException {
    if (group.isEmpty()) {
      return all;
    }
    if (!all.contains(group.get())) {
      throw new NoSuchFileException(
          "there is no group '" + group.get() + "' here; there are: " + String.join(", ", all));
    }
    return List.of(group.get());
  }
}
