package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a snapshot, a chunk at a time, each verified before a byte of it is handed out. The file
 * stays open, so that it can be deleted meanwhile.
 */
final class FileSnapshotSource implements SnapshotSource {

  private final Path file;
  private final FileChannel channel;
  private final SnapshotHeader header;
  private final SnapshotId id;
  private final ByteBuffer chunk;
  private long loaded = -1;

  private FileSnapshotSource(Path file, FileChannel channel, SnapshotHeader header, SnapshotId id) {
    this.file = file;
    this.channel = channel;
    this.header = header;
    this.id = id;
    this.chunk =
        ByteBuffer.allocate(
            (int) Math.min(SnapshotHeader.CHUNK_BYTES, id.length()) + Integer.BYTES);
  }

  /** Opens a snapshot of a group; its beginning and its end must be whole and fit each other. */
  static FileSnapshotSource open(Path file, String group, long incarnation) throws IOException {
    FileSnapshotSource source = open(file);
    SnapshotHeader header = source.header;
    if (!header.group().equals(group) || header.incarnation() != incarnation) {
      source.close();
      throw Damage.inSnapshot(
          file,
          0,
          "this is of group '"
              + header.group()
              + "' and incarnation "
              + header.incarnation()
              + ", which does not belong here");
    }
    return source;
  }

  /** The same, of whatever group and disk. */
  static FileSnapshotSource open(Path file) throws IOException {
    FileChannel channel = ChannelIo.open(file, StandardOpenOption.READ);
    try {
      ByteBuffer bytes = SnapshotHeader.read(channel, file);
      SnapshotHeader header = SnapshotHeader.decode(bytes, file);
      SnapshotFooter footer = footer(channel, file, header, SnapshotHeader.link(bytes));
      SnapshotId id =
          new SnapshotId(
              header.boot(), header.index(), header.term(), footer.length(), footer.hash());
      return new FileSnapshotSource(file, channel, header, id);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** The group's id. */
  String group() {
    return header.group();
  }

  private static SnapshotFooter footer(
      FileChannel channel, Path file, SnapshotHeader header, int link) throws IOException {
    long at = ChannelIo.size(channel, file) - SnapshotFooter.BYTES;
    if (at < header.length()) {
      throw Damage.inSnapshot(file, header.length(), "the file is too short");
    }
    ByteBuffer bytes = ByteBuffer.allocate(SnapshotFooter.BYTES);
    ChannelIo.readFully(channel, file, bytes, at);
    SnapshotFooter footer = SnapshotFooter.decode(bytes.flip(), link, header.salt(), file, at);
    if (header.footerAt(footer.length()) != at) {
      throw Damage.inSnapshot(file, at, "the file does not have the length that it says");
    }
    return footer;
  }

  @Override
  public SnapshotId id() {
    return id;
  }

  @Override
  public int read(long offset, ByteBuffer into) throws IOException {
    if (offset < 0 || offset > id.length()) {
      throw new IndexOutOfBoundsException(offset + " in a snapshot of " + id.length() + " bytes");
    }
    if (offset == id.length()) {
      return -1;
    }
    long at = offset;
    while (into.hasRemaining() && at < id.length()) {
      load(at / SnapshotHeader.CHUNK_BYTES);
      int from = (int) (at % SnapshotHeader.CHUNK_BYTES);
      int count = Math.min(into.remaining(), chunk.limit() - from);
      into.put(chunk.slice(from, count));
      at += count;
    }
    return (int) (at - offset);
  }

  /** Makes the chunk's content what is from 0 to the buffer's limit. */
  private void load(long number) throws IOException {
    if (number == loaded) {
      return;
    }
    loaded = -1;
    long rest = id.length() - number * SnapshotHeader.CHUNK_BYTES;
    int length = (int) Math.min(SnapshotHeader.CHUNK_BYTES, rest);
    long offset = header.chunkAt(number);
    chunk.clear().limit(length + Integer.BYTES);
    try {
      ChannelIo.readFully(channel, file, chunk, offset);
    } catch (EOFException e) {
      throw Damage.inSnapshot(file, offset, "the file ends before its content");
    }
    if (chunk.getInt(length) != Checksum.of(header.salt() + 1 + number, chunk, 0, length)) {
      throw Damage.inSnapshot(file, offset, "the checksum of a chunk is wrong");
    }
    chunk.limit(length);
    loaded = number;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
