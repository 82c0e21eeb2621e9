package dev.quorate.raft.tools.backup;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.storage.file.GroupInspection;
import dev.quorate.raft.storage.file.LogInspection;
import dev.quorate.raft.storage.file.SnapshotInspection;
import dev.quorate.raft.tools.files.Unfinished;
import dev.quorate.raft.tools.report.Line;
import dev.quorate.raft.tools.report.Report;
import dev.quorate.raft.tools.report.TextReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Copies the newest whole snapshot of a group. */
public final class SnapshotBackup {

  private static final int PIECE_BYTES = 64 * 1024;

  private final GroupInspection group;
  private final Report report;

  /** Of a group. */
  public SnapshotBackup(GroupInspection group, Report report) {
    this.group = group;
    this.report = report;
  }

  /**
   * Copies it to a file that is not there yet, and verifies the copy.
   *
   * @throws NoSuchFileException if the group has no whole snapshot
   * @throws IOException if something cannot be read or written
   */
  public void to(Path file) throws IOException {
    SnapshotInspection newest = newest();
    Path unfinished = Unfinished.begin(file);
    copy(newest.file(), unfinished);
    Unfinished.force(unfinished, StandardOpenOption.WRITE);
    SnapshotInspection.ofCopy(unfinished).verify();
    Unfinished.end(unfinished, file);
    try (SnapshotSource source = newest.open()) {
      SnapshotId id = source.id();
      report.say(
          Line.of("backup")
              .with("group", group.id())
              .with("index", id.index())
              .with("term", id.term())
              .with("bytes", id.length())
              .withBits("hash", id.hash())
              .with("file", file.toString()));
      sayRest(id.index());
    }
  }

  /**
   * Byte by byte, because newer JDKs have the kernel copy files where they can, which a simulated
   * file system does not let them.
   */
  private static void copy(Path file, Path copy) throws IOException {
    try (SeekableByteChannel from = Files.newByteChannel(file);
        SeekableByteChannel to =
            Files.newByteChannel(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
      while (from.read(piece) >= 0) {
        piece.flip();
        while (piece.hasRemaining()) {
          to.write(piece);
        }
        piece.clear();
      }
    }
  }

  /** Damaged ones are passed over, and said. */
  private SnapshotInspection newest() throws IOException {
    List<SnapshotInspection> newestFirst = new ArrayList<>(group.snapshots());
    Collections.reverse(newestFirst);
    for (SnapshotInspection snapshot : newestFirst) {
      try {
        snapshot.verify();
        return snapshot;
      } catch (CorruptionException e) {
        report.say(Line.of("damage").with(TextReport.SENTENCE, e.getMessage()));
      }
    }
    throw new NoSuchFileException(
        "group "
            + group.id()
            + " has no whole snapshot: start the node and let it take one, or copy the whole directory");
  }

  private void sayRest(long index) throws IOException {
    try {
      long last = group.log().map(LogInspection::recovered).map(l -> l.lastIndex()).orElse(0L);
      if (last > index) {
        report.say(
            Line.of("note")
                .with("not-in-it", last - index)
                .with(
                    TextReport.SENTENCE,
                    "entries of the log behind the snapshot: let the running node take a snapshot before it is"
                        + " stopped, or copy the whole directory"));
      }
    } catch (CorruptionException e) {
      report.say(Line.of("damage").with(TextReport.SENTENCE, e.getMessage()));
    }
  }
}
