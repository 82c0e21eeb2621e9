package dev.quorate.raft.storage.file.disk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The disk of one machine and the faults that it is told to have. Every write, force and change of
 * a name is an operation with a number and a description such as {@code force
 * /d/group-g/0000000001.wal}.
 */
public final class Disk {

  private final Node.Directory root;
  private final List<String> operations = new ArrayList<>();
  private final DiskFileSystem fileSystem = new DiskFileSystem(this);
  private int crashAt = -1;
  private int openChannels;
  private String denied = "";
  private boolean dead;
  private Predicate<String> failing = operation -> false;
  private long free = Long.MAX_VALUE / 2;

  /** An empty disk. */
  public Disk() {
    this(new Node.Directory());
  }

  private Disk(Node.Directory root) {
    this.root = root;
  }

  /** A path on this disk. */
  public Path path(String path) {
    return fileSystem.getPath(path);
  }

  /**
   * Dies at the operation with this number, counted from now, before or in the middle of doing it.
   */
  public void crashAt(int operation) {
    crashAt = operations.size() + operation;
  }

  /**
   * Operations whose description fits fail; a force that fails leaves what was pending clean and
   * lost.
   */
  public void fail(Predicate<String> operation) {
    failing = operation;
  }

  /** A directory or file that may not be opened. */
  public void deny(String path) {
    denied = path;
  }

  /** How many channels are open. */
  public int openChannels() {
    return openChannels;
  }

  void opened(int change) {
    openChannels += change;
  }

  void checkAllowed(String path) throws IOException {
    if (path.equals(denied)) {
      throw new AccessDeniedException(path);
    }
  }

  /** How many bytes may still be added to files. */
  public void free(long bytes) {
    free = bytes;
  }

  long free() {
    return free;
  }

  /** What was done, in order. */
  public List<String> operations() {
    return List.copyOf(operations);
  }

  /** The disk after the process was killed: the page cache is kept. */
  public Disk killed() {
    dead = true;
    unlock(root);
    return new Disk(root);
  }

  /** The disk after the loss of power: pending changes are kept or lost as the seed says. */
  public Disk powerLost(long seed) {
    dead = true;
    return new Disk(root.afterPowerLoss(new Random(seed)));
  }

  /** A copy of the disk, all of it durable, on which experiments do not disturb this one. */
  public Disk copy() {
    Disk copy = new Disk();
    files().forEach(copy::put);
    return copy;
  }

  /** All files with their content. */
  public Map<String, byte[]> files() {
    Map<String, byte[]> found = new TreeMap<>();
    collect("", root, found);
    return found;
  }

  /** Puts a file there, durably. */
  public void put(String path, byte[] content) {
    Node.Directory at = root;
    String[] names = path.substring(1).split("/");
    for (int i = 0; i < names.length - 1; i++) {
      Node next = at.seen().get(names[i]);
      if (next == null) {
        next = new Node.Directory();
        at.set(names[i], next);
      }
      at = (Node.Directory) next;
    }
    Node.Data data = new Node.Data();
    data.set(content);
    at.set(names[names.length - 1], data);
  }

  /** Removes a file, durably. */
  public void remove(String path) {
    directory(path(path).getParent()).set(path(path).getFileName().toString(), null);
  }

  private static void collect(String prefix, Node.Directory from, Map<String, byte[]> into) {
    from.seen()
        .forEach(
            (name, node) -> {
              if (node instanceof Node.Directory directory) {
                collect(prefix + "/" + name, directory, into);
              } else {
                into.put(prefix + "/" + name, ((Node.Data) node).seen());
              }
            });
  }

  private static void unlock(Node node) {
    if (node instanceof Node.Directory directory) {
      directory.seen().values().forEach(Disk::unlock);
    } else {
      ((Node.Data) node).locked = false;
    }
  }

  Node node(Path path) {
    Node at = root;
    for (Path name : DiskPath.names(path)) {
      at = at instanceof Node.Directory d ? d.seen().get(name.toString()) : null;
    }
    return at;
  }

  Node.Directory directory(Path path) {
    return (Node.Directory) node(path);
  }

  /** Counts an operation and lets it fail or crash; returns whether it dies after half of it. */
  boolean operation(String operation) throws IOException {
    checkAlive(operation);
    operations.add(operation);
    if (operations.size() - 1 == crashAt) {
      dead = true;
      return true;
    }
    if (failing.test(operation)) {
      throw new IOException("Input/output error");
    }
    return false;
  }

  /** Something that changes nothing and has no number, but may fail. */
  void look(String what) throws IOException {
    checkAlive(what);
    if (failing.test(what)) {
      throw new IOException("Input/output error");
    }
  }

  void checkAlive(String operation) {
    if (dead) {
      throw new Crash(operation);
    }
  }

  void grow(long bytes) throws IOException {
    if (bytes > free) {
      throw new IOException("No space left on device");
    }
    free -= bytes;
  }

  void shrink(long bytes) {
    free += bytes;
  }
}
