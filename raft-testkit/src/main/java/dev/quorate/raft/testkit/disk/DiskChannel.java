package dev.quorate.raft.testkit.disk;

import dev.quorate.raft.testkit.disk.DiskOperation.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/** An open file, or a directory opened to be forced. */
final class DiskChannel extends FileChannel {

  /** Where files end; far more than a test writes, and small enough for a table of pages. */
  private static final long LONGEST = 1L << 32;

  private final DiskView view;
  private final Node node;
  private final OpenMode mode;
  private long position;

  /** The caller holds the view's monitor. */
  DiskChannel(DiskView view, Node node, OpenMode mode) {
    this.view = view;
    this.node = node;
    this.mode = mode;
    view.opened(node);
  }

  private FileNode file() throws IOException {
    if (node instanceof FileNode file) {
      return file;
    }
    throw new IOException("Is a directory");
  }

  private void checkOpen() throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    if (Thread.currentThread().isInterrupted()) {
      close();
      throw new ClosedByInterruptException();
    }
  }

  private void checkReadable() throws IOException {
    checkOpen();
    if (!mode.read()) {
      throw new NonReadableChannelException();
    }
  }

  private void checkWritable() throws IOException {
    checkOpen();
    if (!mode.write()) {
      throw new NonWritableChannelException();
    }
  }

  private static void checkPosition(long at) {
    if (at < 0) {
      throw new IllegalArgumentException("Negative position");
    }
  }

  private DiskOperation operation(Kind kind, long at, int length) {
    return new DiskOperation(kind, node.path(), "", at, length);
  }

  @Override
  public int read(ByteBuffer to, long at) throws IOException {
    checkPosition(at);
    synchronized (view.monitor()) {
      checkReadable();
      return readAt(to, at);
    }
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    synchronized (view.monitor()) {
      checkReadable();
      int count = readAt(to, position);
      position += Math.max(count, 0);
      return count;
    }
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, to.length);
    synchronized (view.monitor()) {
      checkReadable();
      long sum = 0;
      for (int i = offset; i < offset + length; i++) {
        int wanted = to[i].remaining();
        int count = wanted == 0 ? 0 : read(to[i]);
        if (count < wanted) {
          return count < 0 && sum == 0 ? -1 : sum + Math.max(count, 0);
        }
        sum += count;
      }
      return sum;
    }
  }

  private int readAt(ByteBuffer to, long at) throws IOException {
    if (to.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    FileNode file = file();
    DiskOperation operation = operation(Kind.READ, at, to.remaining());
    Volume volume = view.volume(operation);
    DiskFault fault = volume.faults().strike(operation);
    if (fault == DiskFault.CRASH) {
      throw view.crash(operation);
    }
    if (to.remaining() == 0) {
      return 0;
    }
    if (at >= file.length()) {
      return -1;
    }
    int count = (int) Math.min(to.remaining(), file.length() - at);
    if (volume.damage(file, fault, at, count)) {
      volume.faults().count(fault);
    }
    file.read(at, to, count);
    return count;
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    checkPosition(at);
    synchronized (view.monitor()) {
      checkWritable();
      return writeAt(from, mode.append() ? file().length() : at);
    }
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    synchronized (view.monitor()) {
      checkWritable();
      if (mode.append()) {
        position = file().length();
      }
      int count = writeAt(from, position);
      position += count;
      return count;
    }
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    synchronized (view.monitor()) {
      checkWritable();
      long sum = 0;
      for (int i = offset; i < offset + length; i++) {
        while (from[i].hasRemaining()) {
          sum += write(from[i]);
        }
      }
      return sum;
    }
  }

  private int writeAt(ByteBuffer from, long at) throws IOException {
    int count = from.remaining();
    if (at > LONGEST - count) {
      throw new IOException("File too large");
    }
    FileNode file = file();
    DiskOperation operation = operation(Kind.WRITE, at, count);
    Volume volume = view.volume(operation);
    DiskFault fault = volume.faults().strike(operation);
    if (fault == DiskFault.CRASH || fault == DiskFault.IO_ERROR) {
      int part = Math.min(volume.random().nextInt(count + 1), volume.fitting(file, at, count));
      volume.write(file, at, from.duplicate(), part);
      throw failure(fault, operation);
    }
    int fitting = volume.fitting(file, at, count);
    if (fitting < count) {
      volume.faults().count(DiskFault.NO_SPACE);
      if (fitting == 0) {
        throw new IOException(Faults.NO_SPACE);
      }
    }
    volume.write(file, at, from, fitting);
    if (mode.sync()) {
      force(true);
    }
    return fitting;
  }

  /** The end of an operation that failed or in which the process died. */
  private IOException failure(DiskFault fault, DiskOperation operation) {
    if (fault == DiskFault.CRASH) {
      throw view.crash(operation);
    }
    return new IOException(Faults.IO_ERROR);
  }

  @Override
  public void force(boolean metaData) throws IOException {
    synchronized (view.monitor()) {
      checkOpen();
      DiskOperation operation = operation(Kind.FORCE, 0, 0);
      Volume volume = view.volume(operation);
      DiskFault fault = volume.faults().strike(operation);
      if (fault == DiskFault.CRASH) {
        node.forcePartly(volume.random());
        throw view.crash(operation);
      }
      if (fault == DiskFault.IO_ERROR) {
        node.forget();
        throw new IOException(Faults.IO_ERROR);
      }
      if (volume.betray(node, fault)) {
        volume.faults().count(fault);
      } else {
        node.force();
      }
    }
  }

  @Override
  public long size() throws IOException {
    synchronized (view.monitor()) {
      checkOpen();
      DiskOperation operation = operation(Kind.ATTRIBUTES, 0, 0);
      view.begin(operation);
      return node instanceof FileNode file ? file.length() : 0;
    }
  }

  @Override
  public long position() throws IOException {
    synchronized (view.monitor()) {
      checkOpen();
      return mode.append() ? file().length() : position;
    }
  }

  @Override
  public FileChannel position(long next) throws IOException {
    synchronized (view.monitor()) {
      checkOpen();
      checkPosition(next);
      position = next;
      return this;
    }
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    synchronized (view.monitor()) {
      checkOpen();
      if (size < 0) {
        throw new IllegalArgumentException("Negative size");
      }
      checkWritable();
      FileNode file = file();
      if (size < file.length()) {
        truncate(view, file, size);
      }
      position = Math.min(position, size);
      return this;
    }
  }

  /** Cuts a file that is longer. */
  static void truncate(DiskView view, FileNode file, long size) throws IOException {
    DiskOperation operation = new DiskOperation(Kind.TRUNCATE, file.path(), "", size, 0);
    Volume volume = view.volume(operation);
    boolean crash = volume.faults().strike(operation) == DiskFault.CRASH;
    if (!crash || volume.random().nextBoolean()) {
      volume.truncate(file, size);
    }
    if (crash) {
      throw view.crash(operation);
    }
  }

  @Override
  public FileLock lock(long at, long size, boolean shared) throws IOException {
    // Only the one process that lives can hold a lock, and against that one nobody waits.
    return tryLock(at, size, shared);
  }

  @Override
  public FileLock tryLock(long at, long size, boolean shared) throws IOException {
    synchronized (view.monitor()) {
      checkOpen();
      if (shared) {
        checkReadable();
      } else {
        checkWritable();
      }
      FileNode file = file();
      DiskLock lock = new DiskLock(this, at, size, shared);
      view.begin(operation(Kind.LOCK, 0, 0));
      for (DiskLock held : file.locks()) {
        if (held.overlaps(at, size)) {
          throw new OverlappingFileLockException();
        }
      }
      file.locks().add(lock);
      return lock;
    }
  }

  void unlock(DiskLock lock) {
    synchronized (view.monitor()) {
      if (node instanceof FileNode file && !view.dead()) {
        file.locks().remove(lock);
      }
    }
  }

  @Override
  protected void implCloseChannel() {
    synchronized (view.monitor()) {
      if (node instanceof FileNode file && !view.dead()) {
        file.locks().removeIf(lock -> lock.acquiredBy() == this);
      }
      view.closed(node);
    }
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) {
    throw Unsupported.because("the kernel's own copies bypass simulated crashes");
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) {
    throw Unsupported.because("the kernel's own copies bypass simulated crashes");
  }

  @Override
  public MappedByteBuffer map(MapMode mapMode, long at, long size) {
    throw Unsupported.because("mapped memory bypasses simulated crashes");
  }
}
