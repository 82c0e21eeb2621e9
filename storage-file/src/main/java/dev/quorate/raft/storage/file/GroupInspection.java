package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.CorruptionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One group's files, looked at and not changed. */
public final class GroupInspection {

  private final GroupFiles files;
  private final long incarnation;

  GroupInspection(GroupFiles files, long incarnation) {
    this.files = files;
    this.incarnation = incarnation;
  }

  /**
   * The group's id.
   *
   * @return its name
   */
  public String id() {
    return files.group();
  }

  /**
   * The numbers of the segments that are there, needed or not.
   *
   * @return rising
   * @throws IOException if the directory cannot be read
   */
  public List<Integer> segments() throws IOException {
    return files.segments();
  }

  /**
   * One segment, by itself: what the others hold does not matter, but for where the next one says
   * that this one ends.
   *
   * @param sequence its number
   * @return what is in it, up to the first damage
   * @throws CorruptionException if its header is damaged
   * @throws IOException if it cannot be read, or a newer version wrote it
   */
  public SegmentInspection segment(int sequence) throws IOException {
    SegmentHeader header = SegmentHeader.read(files, sequence, incarnation);
    Path file = files.segment(sequence);
    if (!files.segments().contains(sequence + 1)) {
      return SegmentInspection.last(file, header, Watermark.read(files, incarnation));
    }
    SegmentHeader next;
    try {
      next = SegmentHeader.read(files, sequence + 1, incarnation);
    } catch (CorruptionException e) {
      return SegmentInspection.unbounded(file, header);
    }
    return SegmentInspection.sealed(file, header, next);
  }

  /**
   * The numbers of the segments that a start looks at: those behind the last one that is missing.
   * Those before were not needed any more, or one that is needed is missing.
   *
   * @return rising, without a gap
   * @throws IOException if the directory cannot be read
   */
  public List<Integer> chain() throws IOException {
    List<Integer> all = files.segments();
    return all.isEmpty()
        ? all
        : all.subList(all.indexOf(LogReading.behindLastGap(all)), all.size());
  }

  /**
   * The log as the next start would find it.
   *
   * @return empty if none was begun
   * @throws CorruptionException if a start would refuse it as damaged
   * @throws IOException if it cannot be read, or a newer version wrote it
   */
  public Optional<LogInspection> log() throws IOException {
    LogReading reading = new LogReading(files, incarnation);
    Optional<LastSegment> last = reading.read();
    if (last.isEmpty()) {
      return Optional.empty();
    }
    try {
      reading.replay(last.get(), last.get().scan().end());
    } catch (NoBeginningException e) {
      throw reading.missing();
    }
    reading.checkGrounded(List.of());
    return Optional.of(
        new LogInspection(reading.state(), last.get(), new EntryReader(files, incarnation)));
  }

  /**
   * How far the log was forced, as the file beside it says.
   *
   * @return empty if that file is absent or cannot be understood
   * @throws IOException if it cannot be read
   */
  public Optional<LogPosition> watermark() throws IOException {
    return Watermark.read(files, incarnation)
        .map(mark -> new LogPosition(mark.sequence(), mark.offset()));
  }

  /**
   * Whether something was written to the watermark's file and cannot be understood.
   *
   * @return the file if so
   * @throws IOException if it cannot be read
   */
  public Optional<Path> damagedWatermark() throws IOException {
    return Watermark.isDamaged(files, incarnation)
        ? Optional.of(files.watermark())
        : Optional.empty();
  }

  /**
   * The files of snapshots under the names of complete ones.
   *
   * @return by rising index
   * @throws IOException if the directory cannot be read
   */
  public List<SnapshotInspection> snapshots() throws IOException {
    List<SnapshotInspection> found = new ArrayList<>();
    for (Path file : snapshotFiles(FileSnapshotStore.COMPLETE)) {
      found.add(SnapshotInspection.in(files, file, incarnation));
    }
    return found;
  }

  /**
   * The files of snapshots that an opening found damaged and set aside.
   *
   * @return sorted by name
   * @throws IOException if the directory cannot be read
   */
  public List<Path> snapshotsSetAside() throws IOException {
    return snapshotFiles(FileSnapshotStore.DAMAGED);
  }

  private List<Path> snapshotFiles(String ending) throws IOException {
    List<Path> found = new ArrayList<>();
    if (DurableNames.exists(files.snapshots())) {
      for (String name : DurableNames.list(files.snapshots())) {
        if (name.endsWith(ending)) {
          found.add(files.snapshots().resolve(name));
        }
      }
    }
    return found;
  }
}
