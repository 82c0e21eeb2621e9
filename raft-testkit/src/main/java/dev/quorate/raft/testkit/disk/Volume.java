package dev.quorate.raft.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The tree of names, and the room. */
final class Volume {

  private final DirectoryNode root;
  private final RandomGenerator random;
  private final Faults faults;
  private long usedPages;
  private long allPages = Long.MAX_VALUE / Pages.PAGE / 2;

  Volume(long seed) {
    this(new DirectoryNode(), seed);
    root.moved("/");
  }

  private Volume(DirectoryNode root, long seed) {
    this.root = root;
    SplittableRandom seeds = new SplittableRandom(seed);
    this.random = seeds.split();
    this.faults = new Faults(seeds.split());
  }

  Volume copy(long seed) {
    Volume copy = new Volume(root.copy(new IdentityHashMap<>()), seed);
    copy.allPages = allPages;
    copy.usedPages = copy.root.allocatedPages();
    return copy;
  }

  DirectoryNode root() {
    return root;
  }

  RandomGenerator random() {
    return random;
  }

  Faults faults() {
    return faults;
  }

  /** What is under a normalized path, or {@code null}. */
  Node find(List<String> names) throws FileSystemException {
    Node at = root;
    for (String name : names) {
      if (at == null) {
        return null;
      }
      if (!(at instanceof DirectoryNode directory)) {
        throw new FileSystemException("/" + String.join("/", names), null, "Not a directory");
      }
      at = directory.seen().get(name);
    }
    return at;
  }

  Node get(List<String> names) throws IOException {
    Node node = find(names);
    if (node == null) {
      throw new NoSuchFileException("/" + String.join("/", names));
    }
    return node;
  }

  /** The directory that has, or would have, a path's last name. */
  DirectoryNode parent(List<String> names) throws IOException {
    Node parent = find(names.subList(0, names.size() - 1));
    if (parent instanceof DirectoryNode directory) {
      return directory;
    }
    String path = "/" + String.join("/", names);
    if (parent == null) {
      throw new NoSuchFileException(path);
    }
    throw new FileSystemException(path, null, "Not a directory");
  }

  long freeBytes() {
    return freePages() * Pages.PAGE;
  }

  long freePages() {
    return Math.max(0, allPages - usedPages);
  }

  long allBytes() {
    return allPages * Pages.PAGE;
  }

  void freeBytes(long bytes) {
    allPages = usedPages + bytes / Pages.PAGE;
  }

  /** A name is gone; its room is free when no channel is open on the file either. */
  void unlinked(Node node) {
    node.unlink();
    freeIfGone(node);
  }

  void closed(Node node) {
    node.opened(-1);
    freeIfGone(node);
  }

  private void freeIfGone(Node node) {
    if (node.unlinked() && node.open() == 0) {
      usedPages -= node.allocatedPages();
    }
  }

  /** The process is dead: what only its channels kept is gone. */
  void released() {
    root.released();
    usedPages = root.allocatedPages();
  }

  PowerLoss losePower() {
    PowerLoss loss = root.losePower(random);
    released();
    return loss;
  }

  /** How many of {@code count} bytes can be written. */
  int fitting(FileNode file, long at, int count) {
    return count == 0 ? 0 : file.fitting(at, count, freePages());
  }

  void write(FileNode file, long at, ByteBuffer from, int count) throws IOException {
    long before = file.allocatedPages();
    file.write(at, from, count, random);
    usedPages += file.allocatedPages() - before;
  }

  void truncate(FileNode file, long length) {
    long before = file.allocatedPages();
    file.truncate(length, random);
    usedPages += file.allocatedPages() - before;
  }

  /** The order of names means nothing. */
  void shuffle(List<?> names) {
    for (int i = names.size(); i > 1; i--) {
      Collections.swap(names, i - 1, random.nextInt(i));
    }
  }

  /** Damages what is about to be read; whether it did. */
  boolean damage(FileNode file, DiskFault fault, long at, int count) {
    return switch (fault) {
      case BIT_FLIP -> file.flip(at + random.nextInt(count), random.nextInt(Byte.SIZE));
      case UNREADABLE_SECTOR -> file.spoil(at + random.nextInt(count));
      default -> false;
    };
  }

  /** Forces in another way than is said; whether it did. */
  boolean betray(Node node, DiskFault fault) {
    return switch (fault) {
      case LYING_FORCE -> node.pending();
      case LOST_WRITE -> node instanceof FileNode file && lose(file) >= 0;
      case MISDIRECTED_WRITE -> node instanceof FileNode file && misdirect(file);
      default -> false;
    };
  }

  private int lose(FileNode file) {
    int sector = file.anyDirty(random);
    if (sector >= 0) {
      file.forceExcept(sector);
    }
    return sector;
  }

  private boolean misdirect(FileNode file) {
    int sector = lose(file);
    if (sector < 0) {
      return false;
    }
    List<FileNode> files = files();
    if (!files.isEmpty()) {
      FileNode victim = files.get(random.nextInt(files.size()));
      int sectors = (int) ((victim.length() + Pages.SECTOR - 1) / Pages.SECTOR);
      int place = sectors == 0 ? -1 : random.nextInt(sectors);
      if (place >= 0 && (victim != file || place != sector)) {
        victim.overwrite(place, file, sector);
      }
    }
    return true;
  }

  private static void collect(DirectoryNode directory, List<FileNode> into) {
    for (Node node : directory.seen().values()) {
      if (node instanceof FileNode file) {
        into.add(file);
      } else {
        collect((DirectoryNode) node, into);
      }
    }
  }

  /** All files, in the order of their paths' names. */
  List<FileNode> files() {
    List<FileNode> files = new ArrayList<>();
    collect(root, files);
    return files;
  }

  /** A file that is there, for whoever holds the disk in hands. */
  FileNode file(List<String> names) {
    Node at = root;
    for (String name : names) {
      at = at instanceof DirectoryNode directory ? directory.seen().get(name) : null;
    }
    if (at instanceof FileNode file) {
      return file;
    }
    throw new IllegalArgumentException("no file /" + String.join("/", names));
  }

  void put(List<String> names, ByteBuffer content) {
    DirectoryNode at = root;
    for (String name : names.subList(0, names.size() - 1)) {
      if (!(at.seen().get(name) instanceof DirectoryNode)) {
        at.set(name, new DirectoryNode());
      }
      at = (DirectoryNode) at.seen().get(name);
    }
    FileNode file = new FileNode();
    file.fill(content, random);
    at.set(names.get(names.size() - 1), file);
    usedPages = root.allocatedPages();
  }

  void remove(List<String> names) {
    DirectoryNode at = root;
    for (String name : names.subList(0, names.size() - 1)) {
      if (!(at.seen().get(name) instanceof DirectoryNode directory)) {
        return;
      }
      at = directory;
    }
    at.set(names.get(names.size() - 1), null);
    usedPages = root.allocatedPages();
  }
}
