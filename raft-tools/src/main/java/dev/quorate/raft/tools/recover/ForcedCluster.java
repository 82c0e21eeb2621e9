package dev.quorate.raft.tools.recover;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.storage.file.FileStorageProvider;
import dev.quorate.raft.storage.file.Identity;
import dev.quorate.raft.storage.file.Inspection;
import dev.quorate.raft.tools.files.DirectoryCopy;
import dev.quorate.raft.tools.report.Line;
import dev.quorate.raft.tools.report.Members;
import dev.quorate.raft.tools.report.Report;
import dev.quorate.raft.tools.report.TextReport;
import dev.quorate.raft.tools.verify.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes a cluster of the one node whose directory it is. All that is changed is one batch at the
 * end of each group's log, written as a node writes: after a crash it is there or not, and where it
 * is not yet, the command is given again.
 */
public final class ForcedCluster {

  private final Path directory;
  private final Report report;
  private final RandomGenerator random;
  private final long wallMillis;

  /**
   * Of a directory.
   *
   * @param random draws the new cluster's id, which no cluster may have had before
   * @param wallMillis the time that is written into the log
   */
  public ForcedCluster(Path directory, Report report, RandomGenerator random, long wallMillis) {
    this.directory = directory;
    this.report = report;
    this.random = random;
    this.wallMillis = wallMillis;
  }

  /**
   * Says what is to be done and what may be lost, and does it.
   *
   * @param backup where to copy the directory before anything is changed; empty to change nothing
   * @return false if the directory is damaged, which was said; nothing is changed then
   * @throws RefusedException if no cluster can go on from this log, or somebody changed it
   *     meanwhile
   * @throws IOException if something cannot be read, copied or written
   */
  public boolean run(Optional<Path> backup) throws IOException, RefusedException {
    List<Survivor> survivors;
    try (Inspection inspection = Inspection.open(directory)) {
      if (!new Verification(inspection, report).run()) {
        return false;
      }
      survivors = Survivors.of(inspection);
      survivors.forEach(this::say);
      if (backup.isPresent() && !survivors.stream().allMatch(Survivor::isAlone)) {
        DirectoryCopy.make(directory, backup.get());
        report.say(Line.of("backup").with("path", backup.get().toString()));
      }
    }
    if (backup.isPresent()) {
      write(survivors);
    } else {
      report.say(
          Line.of("dry-run").with(TextReport.SENTENCE, "nothing was changed; --yes does it"));
    }
    return true;
  }

  private void say(Survivor survivor) {
    if (survivor.isAlone()) {
      report.say(
          Line.of("nothing-to-do")
              .with("group", survivor.group())
              .with(TextReport.SENTENCE, "this node is the only member already"));
      return;
    }
    Line now = Line.of("now").with("group", survivor.group());
    report.say(Members.with(now, survivor.configuration()));
    report.say(
        Line.of("keeps")
            .with("group", survivor.group())
            .with("last-index", survivor.log().lastIndex())
            .with("last-term", survivor.lastTerm())
            .with("certainly-committed", survivor.committed())
            .with(
                TextReport.SENTENCE,
                "every entry of this log. Those behind the last that was certainly committed may never have"
                    + " been acknowledged to anybody; they count from now on"));
    report.say(
        Line.of("gives-up")
            .with("group", survivor.group())
            .with("members", survivor.others().stream().map(Members::name).toList())
            .with(
                TextReport.SENTENCE,
                "and every command that only they have, acknowledged or not. If the directory of another"
                    + " member can be read, compare: the log with the highest last term, and among those the"
                    + " highest last index, loses least. What is left of the others must never run again"));
  }

  /** The copy is made under a lock that was given back: whoever came between is noticed. */
  private void write(List<Survivor> survivors) throws IOException, RefusedException {
    Identity identity = survivors.get(0).identity();
    StorageContext context =
        new StorageContext(
            directory,
            identity.cluster(),
            NodeId.of(identity.node()),
            identity.incarnation(),
            "bin/raft recover",
            Settings.of(Map.of()));
    try (Storage storage = new FileStorageProvider().open(context)) {
      for (Survivor survivor : survivors) {
        if (!survivor.isAlone()) {
          write(storage, survivor);
        }
      }
    }
  }

  private void write(Storage storage, Survivor survivor) throws IOException, RefusedException {
    ClusterId id = newId();
    try (GroupLog log = storage.openLog(survivor.group())) {
      if (!log.recovered().equals(survivor.log())) {
        throw new RefusedException(
            "a node ran in " + directory + " meanwhile: stop it, and look again at what there is");
      }
      log.write(new WriteBatch(1, survivor.newCluster(id, wallMillis)));
      storage.force();
    }
    report.say(
        Line.of("done")
            .with("group", survivor.group())
            .with("cluster-id", id.toString())
            .with("voters", List.of(Members.name(survivor.self().orElseThrow()))));
  }

  private ClusterId newId() {
    ClusterId id;
    do {
      id = new ClusterId(random.nextLong(), random.nextLong());
    } while (id.equals(ClusterId.NONE));
    return id;
  }
}
