package dev.quorate.raft.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One user a directory. The lock is on a file of its own, because closing any descriptor of a file
 * drops the process's POSIX locks on it; the holder's name is therefore in a second file.
 */
final class DirectoryLock implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(DirectoryLock.class.getPackageName());

  private static final String HOLDER = "holder";

  /**
   * Channels of openings that were refused because this very process holds the lock, by the
   * identity of the lock file, as the JDK's own table of locks has it; guarded by this class.
   * Closing one, or letting it become garbage, would drop the holder's lock, so all are kept until
   * the holder of that file closes. A directory that was wiped under a holder has another file.
   */
  private static final Map<Object, List<FileChannel>> REFUSED = new ConcurrentHashMap<>();

  private final Object key;
  private final FileChannel channel;

  private DirectoryLock(Object key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /** Locks a directory for one who writes, and says who that is. */
  static DirectoryLock acquire(Path directory, String holder) throws IOException {
    synchronized (DirectoryLock.class) {
      Path file = directory.resolve("lock");
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      DirectoryLock acquired = lock(directory, file, channel, false);
      try {
        name(directory.resolve(HOLDER), holder);
        return acquired;
      } catch (RuntimeException | Error e) {
        acquired.close();
        throw e;
      }
    }
  }

  /**
   * Locks a directory for reading: nobody writes there meanwhile. Changes no byte, so that where no
   * lock file is, in a copy, nothing is locked.
   */
  static Optional<DirectoryLock> acquireToRead(Path directory) throws IOException {
    synchronized (DirectoryLock.class) {
      Path file = directory.resolve("lock");
      return DurableNames.exists(file)
          ? Optional.of(
              lock(directory, file, FileChannel.open(file, StandardOpenOption.READ), true))
          : Optional.empty();
    }
  }

  private static DirectoryLock lock(Path directory, Path file, FileChannel channel, boolean shared)
      throws IOException {
    Object key = identity(file);
    FileLock lock;
    try {
      lock = channel.tryLock(0, Long.MAX_VALUE, shared);
    } catch (OverlappingFileLockException e) {
      REFUSED.computeIfAbsent(key, same -> new ArrayList<>()).add(channel);
      throw new IOException(inUse(directory), e);
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot lock " + file + ": " + e.getMessage(), e);
    }
    if (lock == null) {
      channel.close();
      throw new IOException(inUse(directory));
    }
    return new DirectoryLock(key, channel);
  }

  /** Which file it is; its path where that cannot be told. */
  private static Object identity(Path file) {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? file.toAbsolutePath() : key;
    } catch (IOException e) {
      return file.toAbsolutePath();
    }
  }

  /** Gives the directory free. */
  @Override
  public void close() throws IOException {
    synchronized (DirectoryLock.class) {
      if (!channel.isOpen()) {
        return;
      }
      try {
        channel.close();
      } finally {
        List<FileChannel> refused = REFUSED.remove(key);
        if (refused != null) {
          closeAll(refused);
        }
      }
    }
  }

  private static void closeAll(List<FileChannel> channels) {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "cannot close a lock file", e);
      }
    }
  }

  /**
   * Only for the message that another opener gets; a full disk must not keep the node from
   * starting.
   */
  private static void name(Path holderFile, String holder) {
    try (FileChannel out =
        FileChannel.open(
            holderFile,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ChannelIo.writeFully(out, ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot write " + holderFile, e);
    }
  }

  private static String inUse(Path directory) {
    String holder;
    try {
      holder = Files.readString(directory.resolve(HOLDER), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      holder = "a holder that has not said its name yet";
    } catch (IOException e) {
      holder = "a holder whose name cannot be read (" + e.getMessage() + ")";
    }
    return directory
        + " is in use by "
        + holder
        + ". A directory serves one node at a time: stop that one or choose another directory.";
  }
}
