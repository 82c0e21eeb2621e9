package dev.quorate.raft.api.state;

import dev.quorate.raft.api.Snapshot;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A snapshot of a state that lies in files: capturing links every file of a directory into another
 * one beside it, which takes no time in the size of the files. That keeps what is captured only if
 * files, once written, are replaced and deleted but never changed in place, as stores on sorted
 * tables and search indexes have it; a store with a checkpoint of its own makes one and captures
 * its directory.
 *
 * <p>It begins with four bytes that say what it is ({@code QDIR}) and a byte for its version (1).
 * Then come a byte 1 and a path for each directory; a byte 2, a path, a length (eight bytes,
 * big-endian) and the bytes for each file; and a byte 0. Paths are relative, with slashes, as
 * {@link DataOutputStream#writeUTF} writes them.
 */
public final class DirectorySnapshot implements Snapshot {
  private static final int MAGIC = 'Q' << 24 | 'D' << 16 | 'I' << 8 | 'R';
  private static final int VERSION = 1;
  private static final int END = 0;
  private static final int DIRECTORY = 1;
  private static final int FILE = 2;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path captured;

  private DirectorySnapshot(Path captured) {
    this.captured = captured;
  }

  /**
   * Captures a directory: what {@link dev.quorate.raft.api.StateMachine#capture} returns. Its files
   * are linked into a directory of the same name with {@code .captured} behind it, whose remains
   * from an earlier process, if any, are deleted. Where the file system has no hard links they are
   * copied, which takes its time.
   *
   * @param directory holds regular files and directories only; has a name and a parent
   * @return the captured state; to be closed, which deletes the links
   * @throws UncheckedIOException if a file cannot be read or linked, or is neither a regular file
   *     nor a directory; no snapshot is made then
   */
  public static DirectorySnapshot capture(Path directory) {
    Path captured = beside(directory, ".captured");
    try {
      delete(captured);
      for (Path path : below(directory)) {
        Path to = captured.resolve(directory.relativize(path));
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectory(to);
        } else {
          link(path, to);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot capture " + directory, e);
    }
    return new DirectorySnapshot(captured);
  }

  private static void link(Path from, Path to) throws IOException {
    if (!Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(from + " is neither a regular file nor a directory");
    }
    try {
      Files.createLink(to, from);
    } catch (UnsupportedOperationException e) {
      Files.copy(from, to);
    }
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(MAGIC);
    data.writeByte(VERSION);
    for (Path path : below(captured)) {
      String name = nameOf(captured.relativize(path));
      if (name.isEmpty()) {
        continue;
      }
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        data.writeByte(DIRECTORY);
        data.writeUTF(name);
      } else {
        data.writeByte(FILE);
        data.writeUTF(name);
        data.writeLong(Files.size(path));
        Files.copy(path, data);
      }
    }
    data.writeByte(END);
    data.flush();
  }

  @Override
  public void close() {
    try {
      delete(captured);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the captured " + captured, e);
    }
  }

  /**
   * Replaces a directory by the one that was captured: what {@link
   * dev.quorate.raft.api.StateMachine#restore} does. The files are written into a directory of the
   * same name with {@code .restoring} behind it, which then takes the directory's place; no file
   * may be open in it. Nothing is forced to disk: after a crash the engine restores anew.
   *
   * @param in what {@link #writeTo} wrote; not closed
   * @param directory is replaced; need not exist, but its parent must
   * @throws IOException if {@code in} fails or gives no captured directory, in which case the
   *     directory is as it was; or if the files cannot be written or put in its place, in which
   *     case it may be gone until it is restored again
   */
  public static void restore(InputStream in, Path directory) throws IOException {
    Path restoring = beside(directory, ".restoring");
    delete(restoring);
    Files.createDirectory(restoring);
    read(new DataInputStream(in), restoring);
    delete(directory);
    Files.move(restoring, directory, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void read(DataInputStream data, Path into) throws IOException {
    int magic = data.readInt();
    if (magic != MAGIC) {
      throw new IOException(
          "no captured directory begins with 0x%08x; it would be 0x%08x (QDIR)"
              .formatted(magic, MAGIC));
    }
    int version = data.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException(
          "a captured directory of version " + version + "; this release reads " + VERSION);
    }
    for (int kind = data.readUnsignedByte(); kind != END; kind = data.readUnsignedByte()) {
      Path path = inside(into, data.readUTF());
      switch (kind) {
        case DIRECTORY -> Files.createDirectory(path);
        case FILE -> readFile(data, path);
        default -> throw new IOException("an entry of kind " + kind + "; there are 0, 1 and 2");
      }
    }
  }

  private static void readFile(DataInputStream data, Path path) throws IOException {
    long left = data.readLong();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (OutputStream out = Files.newOutputStream(path)) {
      while (left > 0) {
        int read = data.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          throw new EOFException(left + " bytes of " + path.getFileName() + " are missing");
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
  }

  /**
   * A path of the snapshot, which comes from another node and must not lead out of the directory.
   */
  private static Path inside(Path directory, String name) throws IOException {
    Path root = directory.normalize();
    Path path = root.resolve(name).normalize();
    boolean within = path.startsWith(root) && !path.equals(root);
    if (!within || !nameOf(root.relativize(path)).equals(name)) {
      throw new IOException("the path '" + name + "' is none of a file in a captured directory");
    }
    return path;
  }

  private static String nameOf(Path relative) {
    List<String> names = new ArrayList<>();
    relative.forEach(name -> names.add(name.toString()));
    return String.join("/", names);
  }

  private static Path beside(Path directory, String suffix) {
    Path absolute = directory.toAbsolutePath();
    if (absolute.getFileName() == null) {
      throw new IllegalArgumentException("a directory with a name is needed, not " + directory);
    }
    return absolute.resolveSibling(absolute.getFileName() + suffix);
  }

  /**
   * The directory and all that is in it, each directory before what it holds, in one order
   * everywhere.
   */
  private static List<Path> below(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    found.add(directory);
    for (int i = 0; i < found.size(); i++) {
      if (Files.isDirectory(found.get(i), LinkOption.NOFOLLOW_LINKS)) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(found.get(i))) {
          stream.forEach(children::add);
        }
        Collections.sort(children);
        found.addAll(children);
      }
    }
    return found;
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(directory, new Deletion());
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
