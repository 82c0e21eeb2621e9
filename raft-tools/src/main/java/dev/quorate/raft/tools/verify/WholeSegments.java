package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.storage.file.GroupInspection;
import dev.quorate.raft.storage.file.SegmentInspection;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Every segment that a start looks at is whole by itself, also behind one that is not, and every
 * record in it is as it was written.
 */
final class WholeSegments implements Rule {

  @Override
  public void check(GroupInspection group, Findings findings) throws IOException {
    List<RecordRule> rules =
        List.of(
            new IntactRecords(),
            new ConsecutiveIndexes(),
            new RisingTerms(),
            new RisingHardState(),
            new ReadableConfigurations());
    for (int sequence : group.chain()) {
      try {
        SegmentInspection segment = group.segment(sequence);
        Optional<IOException> damage = segment.damage();
        if (damage.isPresent()) {
          throw damage.get();
        }
        check(segment, rules, findings);
      } catch (CorruptionException e) {
        findings.damage("segment", e.getMessage());
      }
    }
  }

  private static void check(SegmentInspection segment, List<RecordRule> rules, Findings findings)
      throws IOException {
    rules.forEach(rule -> rule.begin(segment));
    segment.records(
        (offset, intact, record) -> {
          for (RecordRule rule : rules) {
            rule.check(new RecordRule.Place(segment.file(), offset), intact, record, findings);
          }
        });
  }
}
