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
import java.util.concurrent.ConcurrentHashMap;

/**
 * One user a directory. The lock is on a file of its own, because closing any descriptor of a file
 * drops the process's POSIX locks on it; the holder's name is therefore in a second file.
 */
final class DirectoryLock implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(DirectoryLock.class.getPackageName());

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

  static DirectoryLock acquire(Path directory, String holder) throws IOException {
    synchronized (DirectoryLock.class) {
      Path file = directory.resolve("lock");
      Path holderFile = directory.resolve("holder");
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      Object key = identity(file);
      FileLock lock;
      try {
        lock = channel.tryLock();
      } catch (OverlappingFileLockException e) {
        REFUSED.computeIfAbsent(key, same -> new ArrayList<>()).add(channel);
        throw new IOException(inUse(directory, holderFile), e);
      } catch (IOException e) {
        channel.close();
        throw new IOException("cannot lock " + file + ": " + e.getMessage(), e);
      }
      if (lock == null) {
        channel.close();
        throw new IOException(inUse(directory, holderFile));
      }
      DirectoryLock acquired = new DirectoryLock(key, channel);
      try {
        name(holderFile, holder);
        return acquired;
      } catch (RuntimeException | Error e) {
        acquired.close();
        throw e;
      }
    }
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

  private static String inUse(Path directory, Path holderFile) {
    String holder;
    try {
      holder = Files.readString(holderFile, StandardCharsets.UTF_8);
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
