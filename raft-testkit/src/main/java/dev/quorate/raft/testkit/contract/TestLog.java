package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.tests.LogBatches;
import dev.quorate.raft.testkit.internal.tests.LogModel;
import java.io.IOException;
import java.nio.file.Path;

/** An open log, and beside it what it must hold. */
final class TestLog {

  private static final long PIECE_BYTES = 700;

  final Path directory;
  final Storage storage;
  final GroupLog log;
  private LogModel model;
  private long sequence;

  /** Opens a group's log, which must say of itself what can be read from it. */
  TestLog(Path directory, Storage storage, String group) throws IOException {
    this.directory = directory;
    this.storage = storage;
    this.log = storage.openLog(group);
    this.model = LogModel.of(log, PIECE_BYTES);
    assertEquals(model.recovered(), log.recovered());
  }

  /** What the log must hold. */
  LogModel model() {
    return model;
  }

  long lastIndex() {
    return model.lastIndex();
  }

  /** The number of the next batch. */
  long nextSequence() {
    return sequence + 1;
  }

  void write(WriteRecord... records) throws IOException {
    write(LogBatches.batch(nextSequence(), records));
  }

  void write(WriteBatch batch) throws IOException {
    log.write(batch);
    sequence++;
    model = model.after(batch);
  }

  /** Appends commands of one term in one batch. */
  void append(int count, long term, int payload) throws IOException {
    write(LogBatches.commands(lastIndex() + 1, count, term, payload));
  }

  void force() throws IOException {
    storage.force();
  }

  /** What can be read is what must be there. */
  void check() throws IOException {
    assertEquals(model.entries(), LogModel.read(log, model.baseIndex(), PIECE_BYTES));
  }

  /**
   * What was found at the opening is what another log held, or that and some of what was compacted.
   */
  void checkIs(LogModel expected) {
    assertTrue(model.baseIndex() <= expected.baseIndex(), model + " begins behind " + expected);
    model = model.behind(expected.baseIndex());
    assertEquals(expected, model);
  }
}
