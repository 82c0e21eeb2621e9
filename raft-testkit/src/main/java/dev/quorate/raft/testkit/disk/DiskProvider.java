package dev.quorate.raft.testkit.disk;

import dev.quorate.raft.testkit.disk.DiskOperation.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/** The calls of {@code java.nio.file} on names. */
final class DiskProvider extends FileSystemProvider {

  private final DiskView view;

  DiskProvider(DiskView view) {
    this.view = view;
  }

  private static DiskOperation operation(Kind kind, List<String> names) {
    return DiskOperation.of(kind, text(names));
  }

  private static String text(List<String> names) {
    return "/" + String.join("/", names);
  }

  private static String last(List<String> names) {
    return names.get(names.size() - 1);
  }

  /** A change of a name, which is made or not if the process dies in it. */
  private void change(DiskOperation operation, Runnable effect) throws IOException {
    Volume volume = view.volume(operation);
    boolean crash = volume.faults().strike(operation) == DiskFault.CRASH;
    if (!crash || volume.random().nextBoolean()) {
      effect.run();
    }
    if (crash) {
      throw view.crash(operation);
    }
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    noAttributes(attributes);
    OpenMode mode = OpenMode.of(options);
    List<String> names = DiskPath.names(path);
    synchronized (view.monitor()) {
      Volume volume = view.begin(operation(Kind.OPEN, names));
      Node node = volume.find(names);
      if (node != null && mode.createNew()) {
        throw new FileAlreadyExistsException(path.toString());
      }
      if (node == null && (mode.create() || mode.createNew())) {
        create(volume, names, new FileNode());
      }
      node = volume.get(names);
      if (node instanceof FileNode file) {
        if (mode.truncate() && file.length() > 0) {
          DiskChannel.truncate(view, file, 0);
        }
      } else if (mode.write()) {
        throw new FileSystemException(path.toString(), null, "Is a directory");
      }
      return new DiskChannel(view, node, mode);
    }
  }

  private static void noAttributes(FileAttribute<?>... attributes) {
    if (attributes.length > 0) {
      throw Unsupported.because("attributes of files");
    }
  }

  private void create(Volume volume, List<String> names, Node node) throws IOException {
    DirectoryNode parent = volume.parent(names);
    change(operation(Kind.CREATE, names), () -> parent.create(last(names), node));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public AsynchronousFileChannel newAsynchronousFileChannel(
      Path path,
      Set<? extends OpenOption> options,
      ExecutorService executor,
      FileAttribute<?>... attributes) {
    throw Unsupported.because("channels with threads of their own");
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<String> names = DiskPath.names(path);
    List<Path> found = new ArrayList<>();
    synchronized (view.monitor()) {
      Volume volume = view.begin(operation(Kind.LIST, names));
      directory(volume, names).seen().keySet().forEach(name -> found.add(path.resolve(name)));
      volume.shuffle(found);
    }
    return new Listing(found, filter);
  }

  private static DirectoryNode directory(Volume volume, List<String> names) throws IOException {
    Node node;
    try {
      node = volume.get(names);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      node = null; // Something on the way is a file.
    }
    if (node instanceof DirectoryNode directory) {
      return directory;
    }
    throw new NotDirectoryException(text(names));
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    noAttributes(attributes);
    List<String> names = DiskPath.names(path);
    synchronized (view.monitor()) {
      Volume volume = view.volume(operation(Kind.CREATE, names));
      if (volume.find(names) != null) {
        throw new FileAlreadyExistsException(path.toString());
      }
      create(volume, names, new DirectoryNode());
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    List<String> names = DiskPath.names(path);
    synchronized (view.monitor()) {
      DiskOperation operation = operation(Kind.DELETE, names);
      Volume volume = view.volume(operation);
      Node node = volume.get(names);
      if (node instanceof DirectoryNode directory && !directory.seen().isEmpty()) {
        throw new DirectoryNotEmptyException(path.toString());
      }
      if (names.isEmpty()) {
        throw new FileSystemException("/", null, "Device or resource busy");
      }
      DirectoryNode parent = volume.parent(names);
      change(
          operation,
          () -> {
            parent.delete(last(names));
            volume.unlinked(node);
          });
    }
  }

  /**
   * As on Unix: atomic, it replaces what is there; with {@code REPLACE_EXISTING} alone it deletes
   * first, so that a crash may leave neither.
   */
  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    List<CopyOption> asked = Arrays.asList(options);
    List<String> source = DiskPath.names(from);
    List<String> target = DiskPath.names(to);
    synchronized (view.monitor()) {
      Volume volume = view.volume(operation(Kind.RENAME, source));
      Node node = volume.get(source);
      if (source.equals(target)) {
        return;
      }
      boolean atomic = asked.contains(StandardCopyOption.ATOMIC_MOVE);
      Node replaced = volume.find(target);
      if (replaced != null && !atomic) {
        if (!asked.contains(StandardCopyOption.REPLACE_EXISTING)) {
          throw new FileAlreadyExistsException(to.toString());
        }
        delete(to);
        replaced = null;
      }
      rename(volume, source, target, node, replaced);
    }
  }

  private void rename(
      Volume volume, List<String> source, List<String> target, Node node, Node replaced)
      throws IOException {
    checkReplaceable(target, node, replaced);
    DirectoryNode parent = volume.parent(target);
    if (parent != volume.parent(source)) {
      throw new UnsupportedOperationException(
          "only renames within a directory are simulated, not "
              + text(source)
              + " to "
              + text(target));
    }
    change(
        new DiskOperation(Kind.RENAME, text(source), text(target), 0, 0),
        () -> {
          parent.rename(last(source), last(target));
          if (replaced != null) {
            volume.unlinked(replaced);
          }
        });
  }

  private static void checkReplaceable(List<String> target, Node node, Node replaced)
      throws IOException {
    if (replaced instanceof DirectoryNode directory) {
      if (node instanceof FileNode) {
        throw new FileSystemException(text(target), null, "Is a directory");
      }
      if (!directory.seen().isEmpty()) {
        throw new FileSystemException(text(target), null, "Directory not empty");
      }
    } else if (replaced != null && node instanceof DirectoryNode) {
      throw new FileSystemException(text(target), null, "Not a directory");
    }
  }

  private Node look(Path path) throws IOException {
    List<String> names = DiskPath.names(path);
    return view.begin(operation(Kind.ATTRIBUTES, names)).get(names);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    synchronized (view.monitor()) {
      look(path);
    }
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (type != BasicFileAttributes.class) {
      throw Unsupported.because(type.getSimpleName());
    }
    synchronized (view.monitor()) {
      return type.cast(DiskAttributes.of(look(path)));
    }
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    List<String> names = DiskPath.names(path);
    synchronized (view.monitor()) {
      view.begin(operation(Kind.SPACE, names)).get(names);
      return new DiskStore(view);
    }
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    if (path.equals(other)) {
      return true;
    }
    synchronized (view.monitor()) {
      return look(path) == look(other);
    }
  }

  @Override
  public boolean isHidden(Path path) {
    Path name = path.getFileName();
    return name != null && name.toString().startsWith(".");
  }

  @Override
  public String getScheme() {
    return "simulated";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw Unsupported.because("a simulated disk has no address");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw Unsupported.because("a simulated disk has no address");
  }

  @Override
  public Path getPath(URI uri) {
    throw Unsupported.because("a simulated disk has no address");
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) {
    throw Unsupported.because("copies of files; read and write");
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    throw Unsupported.because("views of attributes");
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw Unsupported.because("attributes by name");
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw Unsupported.because("attributes that are set");
  }
}
