package dev.quorate.raft.storage.file.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/** An open file, or a directory opened to be forced. */
final class DiskChannel extends FileChannel {

  private final Disk disk;
  private final Node node;
  private long position;

  DiskChannel(Disk disk, Node node) {
    this.disk = disk;
    this.node = node;
    disk.opened(1);
  }

  private Node.Data data() {
    return (Node.Data) node;
  }

  @Override
  public int read(ByteBuffer to, long at) throws IOException {
    disk.look("read " + node.name + " " + at + "+" + to.remaining());
    byte[] seen = data().seen();
    if (at >= seen.length) {
      return -1;
    }
    int count = (int) Math.min(to.remaining(), seen.length - at);
    to.put(seen, (int) at, count);
    return count;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    int count = read(to, position);
    position += Math.max(count, 0);
    return count;
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    String operation = "write " + node.name + " " + at + "+" + bytes.length;
    if (disk.operation(operation)) {
      data().write((int) at, Arrays.copyOf(bytes, bytes.length / 2));
      throw new Crash(operation);
    }
    disk.grow(Math.max(0, at + bytes.length - data().seen().length));
    data().write((int) at, bytes);
    return bytes.length;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    boolean crash;
    try {
      crash = disk.operation("force " + node.name);
    } catch (IOException e) {
      node.forget();
      throw e;
    }
    if (crash) {
      throw new Crash("force " + node.name);
    }
    node.force();
  }

  @Override
  public long size() {
    return data().seen().length;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileLock tryLock(long at, long size, boolean shared) {
    if (data().locked) {
      throw new OverlappingFileLockException();
    }
    data().locked = true;
    return new FileLock(this, at, size, shared) {
      @Override
      public boolean isValid() {
        return isOpen();
      }

      @Override
      public void release() {
        data().locked = false;
      }
    };
  }

  @Override
  protected void implCloseChannel() {
    disk.opened(-1);
    if (node.name.endsWith("/lock")) {
      data().locked = false;
    }
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer from) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel position(long newPosition) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long at, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long at, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}
