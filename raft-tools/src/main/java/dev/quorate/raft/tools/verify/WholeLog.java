package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.storage.file.GroupInspection;
import dev.quorate.raft.storage.file.LogInspection;
import java.io.IOException;
import java.util.Optional;

/** A start accepts the log as a whole: its segments, their order, and what was forced of them. */
final class WholeLog implements Rule {

  @Override
  public void check(GroupInspection group, Findings findings) throws IOException {
    Optional<LogInspection> log;
    try {
      log = group.log();
    } catch (CorruptionException e) {
      findings.damage("log", e.getMessage());
      return;
    }
    if (log.isEmpty()) {
      findings.note("empty", "group " + group.id() + " has no log yet");
      return;
    }
    int proven = log.get().proven().offset();
    int end = log.get().end().offset();
    if (log.get().tornBytes() > 0) {
      findings.note(
          "torn-tail",
          log.get().lastFile()
              + ", offset "
              + end
              + ": a torn write of "
              + log.get().tornBytes()
              + " bytes, which nothing readable says was forced. That is what a crash leaves and no"
              + " damage: the next start cuts it, and nothing that was acknowledged is in it");
    }
    if (proven < end) {
      findings.note(
          "not-proven",
          log.get().lastFile()
              + ", offset "
              + proven
              + ": nothing readable says that the "
              + (end - proven)
              + " bytes from here on were forced. They are whole, and the next start writes them"
              + " anew; copy the directory only after that, or with all its files");
    }
  }
}
