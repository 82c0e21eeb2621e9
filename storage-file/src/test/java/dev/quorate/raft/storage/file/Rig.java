package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A storage with one open log, and beside it what the log must hold: the content after each batch,
 * from before the first.
 */
final class Rig {

  static final String GROUP = "g";
  static final String SEGMENTS = "/d/group-g/";
  static final String WATERMARK = SEGMENTS + "watermark";

  final Storage storage;
  final GroupLog log;
  final List<Content> contents = new ArrayList<>();

  /** How many of the contents are before or at the last force. */
  int forced;

  private Rig(Storage storage, GroupLog log, Content content) {
    this.storage = storage;
    this.log = log;
    this.contents.add(content);
  }

  static Rig open(Disk disk) throws IOException {
    return open(disk.path("/d"));
  }

  static Rig open(Path directory) throws IOException {
    return open(directory, 4096);
  }

  static Rig open(Path directory, int segmentBytes) throws IOException {
    Storage storage = storage(directory, segmentBytes);
    try {
      return of(storage, GROUP);
    } catch (IOException | RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  /** The log of one of the groups in a storage. */
  static Rig of(Storage storage, String group) throws IOException {
    GroupLog log = storage.openLog(group);
    return new Rig(storage, log, Content.of(log));
  }

  static Storage storage(Path directory, int segmentBytes) throws IOException {
    return new FileStorageProvider()
        .open(
            context(
                directory,
                Settings.empty()
                    .with("raft.storage.file.segment-bytes", Integer.toString(segmentBytes))));
  }

  static StorageContext context(Path directory, Settings settings) {
    return new StorageContext(directory, "chat", NodeId.of("n1"), 4711, "process 1", settings);
  }

  Content content() {
    return contents.get(contents.size() - 1);
  }

  /**
   * Writes the next batch. What it makes counts from before the call: a crash may come behind it.
   */
  void write(WriteBatch batch) throws IOException {
    contents.add(content().after(batch));
    try {
      log.write(batch);
    } catch (NoSpaceException e) {
      contents.remove(contents.size() - 1); // It says that it wrote nothing.
      throw e;
    }
  }

  void write(WriteRecord... records) throws IOException {
    write(Batches.batch(contents.size(), records));
  }

  void force() throws IOException {
    storage.force();
    forced = contents.size() - 1;
  }

  /** Appends one command with as many bytes of payload. */
  void append(int payload) throws IOException {
    write(Batches.append(Batches.command(content().lastIndex() + 1, 1, payload)));
  }

  /** The log says, entry by entry and in summary, what it should. */
  void check() throws IOException {
    long base = content().baseIndex();
    while (base < content().compacted() && log.read(base + 1, base + 2, 1).isEmpty()) {
      base++;
    }
    assertThat(Content.read(log, base, 300)).isEqualTo(content().from(base).entries());
  }

  /**
   * Opens a disk and checks that what it holds is the content after some batch of this rig, and not
   * one before the given one.
   */
  Rig reopen(Disk disk, int atLeast) throws IOException {
    Rig rig = open(disk);
    Content found = rig.content();
    assertThat(rig.log.recovered()).isEqualTo(found.recovered());
    List<Content> possible = contents.subList(atLeast, contents.size());
    assertThat(possible).anyMatch(found::mayBe);
    for (Content content : possible) {
      if (found.mayBe(content)) {
        rig.contents.set(0, found.compactedThrough(content.compacted()));
      }
    }
    return rig;
  }
}
