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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One user a directory. The lock is on a file of its own, because closing any descriptor of a file
 * drops the process's POSIX locks on it; the holder's name is therefore in a second file.
 */
final class DirectoryLock implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(DirectoryLock.class.getPackageName());

  /**
   * Channels of openings that this very process refused because it holds the lock already: closing
   * one would drop the holder's lock. The next opening of the directory takes it over, so that
   * there is at most one for each directory.
   */
  private static final Map<Path, FileChannel> REFUSED = new ConcurrentHashMap<>();

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  static DirectoryLock acquire(Path directory, String holder) throws IOException {
    Path file = directory.resolve("lock");
    Path holderFile = directory.resolve("holder");
    Path key = directory.toAbsolutePath();
    FileChannel channel = REFUSED.remove(key);
    if (channel == null) {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      REFUSED.put(key, channel);
      throw new IOException(inUse(directory, holderFile), e);
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot lock " + file + ": " + e.getMessage(), e);
    }
    if (lock == null) {
      channel.close();
      throw new IOException(inUse(directory, holderFile));
    }
    name(holderFile, holder);
    return new DirectoryLock(channel);
  }

  /** Gives the directory free. */
  @Override
  public void close() throws IOException {
    channel.close();
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
