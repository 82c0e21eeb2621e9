package dev.quorate.raft.tools.verify;

import dev.quorate.raft.storage.file.GroupInspection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The file that says how far the log was forced can be understood. */
final class ReadableWatermark implements Rule {

  @Override
  public void check(GroupInspection group, Findings findings) throws IOException {
    Optional<Path> damaged = group.damagedWatermark();
    if (damaged.isPresent()) {
      findings.damage(
          "watermark",
          damaged.get(),
          0,
          "the watermark cannot be understood, so that nothing but the segments says what was forced, and"
              + " damage to the last force would pass for a torn write",
          "A start accepts that and writes a new one; but one byte of this disk is wrong, so check the"
              + " disk first, and compare the log's last index with what the other nodes have.");
    }
  }
}
