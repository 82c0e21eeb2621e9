package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.session.SessionSection;
import dev.quorate.raft.engine.session.SessionTable;
import dev.quorate.raft.engine.snapshot.ReplicatedSection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** The client sessions as a part of every snapshot. Only for the applier's turns. */
final class SessionState implements ReplicatedSection {

  private static final int CODE = 1;

  private final RaftMetrics metrics;
  private SessionTable table = new SessionTable();
  private int measured = -1;

  SessionState(RaftMetrics metrics) {
    this.metrics = metrics;
  }

  /** The sessions after the last applied entry; another object after a restore. */
  SessionTable table() {
    return table;
  }

  /** Measures how many sessions are open, if that is news. */
  void measure() {
    if (table.size() != measured) {
      measured = table.size();
      metrics.record(Metric.SESSIONS, measured);
    }
  }

  @Override
  public int code() {
    return CODE;
  }

  @Override
  public ByteBuffer capture() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      table.capture().writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  @Override
  public void restore(ByteBuffer bytes) throws DecodeException {
    if (!bytes.hasRemaining()) {
      table = new SessionTable();
      return;
    }
    byte[] section = new byte[bytes.remaining()];
    bytes.duplicate().get(section);
    ByteArrayInputStream in = new ByteArrayInputStream(section);
    try {
      table = SessionSection.readFrom(in);
    } catch (IOException e) {
      throw new DecodeException("its section of sessions: " + e.getMessage(), e);
    }
    if (in.available() > 0) {
      throw new DecodeException("its section of sessions is " + in.available() + " bytes too long");
    }
  }
}
