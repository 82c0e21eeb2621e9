package dev.quorate.raft.engine.codec;

import dev.quorate.raft.engine.message.SessionRequest;
import dev.quorate.raft.engine.message.SessionView;
import java.nio.ByteBuffer;

/**
 * The payload of an entry that concerns a client session, and what such an entry results in.
 *
 * <pre>
 * bytes  field
 *     1    format version, 1
 *     1    kind: 1 open, 2 command, 3 skip, 4 keep alive, 5 close
 *     8    session, unless it opens one
 *     8    sequence, of a command and a skip
 *     8    acknowledged, of a command and a skip
 *     8    through, of a skip
 *     n    the command, to the end
 * </pre>
 */
public final class SessionCodec {

  /** What is around a command in a session, in bytes. */
  public static final int COMMAND_OVERHEAD_BYTES = 2 + 3 * Long.BYTES;

  private static final int VERSION = 1;
  private static final int OPEN = 1;
  private static final int COMMAND = 2;
  private static final int SKIP = 3;
  private static final int KEEP_ALIVE = 4;
  private static final int CLOSE = 5;

  private SessionCodec() {}

  /** The request in bytes. */
  public static ByteBuffer encode(SessionRequest request) {
    int commandBytes =
        request instanceof SessionRequest.Command command ? command.command().remaining() : 0;
    Writer writer = new Writer(COMMAND_OVERHEAD_BYTES + commandBytes);
    writer.u8(VERSION);
    if (request instanceof SessionRequest.Command command) {
      numbered(writer.u8(COMMAND), command).raw(command.command());
    } else if (request instanceof SessionRequest.Skip skip) {
      numbered(writer.u8(SKIP), skip).i64(skip.through());
    } else if (request instanceof SessionRequest.KeepAlive alive) {
      writer.u8(KEEP_ALIVE).i64(alive.session());
    } else if (request instanceof SessionRequest.Close close) {
      writer.u8(CLOSE).i64(close.session());
    } else {
      writer.u8(OPEN);
    }
    return writer.done();
  }

  private static Writer numbered(Writer writer, SessionRequest.Numbered request) {
    return writer.i64(request.session()).i64(request.sequence()).i64(request.acknowledged());
  }

  /**
   * Reads the request that fills the rest of a buffer. A command is a view of it.
   *
   * @throws DecodeException if the rest is not exactly one request of a known version
   */
  public static SessionRequest decode(ByteBuffer payload) throws DecodeException {
    Reader reader = new Reader(payload.duplicate());
    int version = reader.u8();
    if (version != VERSION) {
      throw new DecodeException("session format " + version + " is not known, only 1 is");
    }
    int kind = reader.u8();
    SessionRequest request =
        switch (kind) {
          case OPEN -> new SessionRequest.Open();
          case COMMAND ->
              new SessionRequest.Command(
                  session(reader), sequence(reader), acknowledged(reader), reader.rest());
          case SKIP -> skip(reader);
          case KEEP_ALIVE -> new SessionRequest.KeepAlive(session(reader));
          case CLOSE -> new SessionRequest.Close(session(reader));
          default -> throw new DecodeException("session request " + kind + " is not known");
        };
    reader.end();
    return request;
  }

  private static SessionRequest.Skip skip(Reader reader) throws DecodeException {
    SessionRequest.Skip skip =
        new SessionRequest.Skip(
            session(reader), sequence(reader), acknowledged(reader), reader.natural("through"));
    if (skip.through() < skip.sequence()) {
      throw new DecodeException("a skip from " + skip.sequence() + " to " + skip.through());
    }
    return skip;
  }

  private static long session(Reader reader) throws DecodeException {
    return reader.natural("session");
  }

  private static long sequence(Reader reader) throws DecodeException {
    long sequence = reader.natural("sequence");
    if (sequence == 0) {
      throw new DecodeException("a session's sequence begins with 1");
    }
    return sequence;
  }

  private static long acknowledged(Reader reader) throws DecodeException {
    return reader.natural("acknowledged");
  }

  /** What a client is told of its session, in bytes. */
  public static byte[] encodeView(SessionView view) {
    ByteBuffer bytes = ByteBuffer.allocate(3 * Long.BYTES + Integer.BYTES);
    bytes.putLong(view.timeoutMillis()).putInt(view.maxResults());
    bytes.putLong(view.lastSequence()).putLong(view.acknowledged());
    return bytes.array();
  }

  /**
   * Reads what {@link #encodeView} wrote.
   *
   * @throws DecodeException if it did not
   */
  public static SessionView decodeView(byte[] bytes) throws DecodeException {
    Reader reader = new Reader(ByteBuffer.wrap(bytes));
    SessionView view =
        new SessionView(
            reader.natural("timeout"),
            reader.i32("results"),
            reader.natural("sequence"),
            reader.natural("acknowledged"));
    reader.end();
    return view;
  }
}
