package dev.quorate.raft.storage.file.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The calls of {@code java.nio.file} that the storage makes. */
final class DiskProvider extends FileSystemProvider {

  private final Disk disk;

  DiskProvider(Disk disk) {
    this.disk = disk;
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    disk.checkAlive("open " + path);
    disk.checkAllowed(path.toString());
    Node node = disk.node(path);
    if (node == null && options.contains(StandardOpenOption.CREATE)) {
      Node created = new Node.Data();
      change(path, "create " + path, names -> names.put(name(path), created));
      node = created;
    }
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      disk.shrink(((Node.Data) node).seen().length);
      ((Node.Data) node).truncate();
    }
    node.name = path.toString();
    return new DiskChannel(disk, node);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options);
  }

  private void change(Path path, String operation, Consumer<Map<String, Node>> change)
      throws IOException {
    if (disk.operation(operation)) {
      throw new Crash(operation);
    }
    disk.directory(path.getParent()).change(change);
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) {
    List<Path> found = new ArrayList<>();
    disk.directory(path).seen().keySet().forEach(name -> found.add(path.resolve(name)));
    // As on a real disk, the order of the names means nothing.
    Collections.reverse(found);
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return found.iterator();
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    if (disk.node(path) != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    Node created = new Node.Directory();
    change(path, "create " + path, names -> names.put(name(path), created));
  }

  @Override
  public void delete(Path path) throws IOException {
    Node node = disk.node(path);
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    change(path, "delete " + path, names -> names.remove(name(path)));
    if (node instanceof Node.Data data) {
      disk.shrink(data.seen().length);
    }
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    Node node = disk.node(from);
    if (node == null || !from.getParent().equals(to.getParent())) {
      throw new NoSuchFileException(from.toString());
    }
    change(
        from,
        "rename " + from + " " + to,
        names -> {
          names.remove(name(from));
          names.put(name(to), node);
        });
    node.name = to.toString();
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    disk.look("look at " + path);
    if (disk.node(path) == null) {
      throw new NoSuchFileException(path.toString());
    }
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    checkAccess(path);
    return type.cast(new DiskAttributes(disk.node(path)));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    disk.look("store of " + path);
    return new DiskStore(disk);
  }

  @Override
  public boolean isSameFile(Path path, Path other) {
    return path.equals(other);
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public String getScheme() {
    return "disk";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }
}
