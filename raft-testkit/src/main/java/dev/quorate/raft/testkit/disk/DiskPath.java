package dev.quorate.raft.testkit.disk;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;

/** A path, with the arithmetic of Unix; the directory of the process is the root. */
final class DiskPath implements Path {

  private final DiskView view;
  private final boolean absolute;

  /** The empty path has one name, which is empty; the root has none. */
  private final List<String> names;

  private final String text;

  private DiskPath(DiskView view, boolean absolute, List<String> names) {
    this(view, absolute, names, (absolute ? "/" : "") + String.join("/", names));
  }

  private DiskPath(DiskView view, boolean absolute, List<String> names, String text) {
    this.view = view;
    this.absolute = absolute;
    this.names = names;
    this.text = text;
  }

  static DiskPath of(DiskView view, String first, String... more) {
    StringBuilder all = new StringBuilder(first);
    for (String part : more) {
      if (!part.isEmpty()) {
        all.append(all.isEmpty() ? "" : "/").append(part);
      }
    }
    String text = all.toString();
    if (text.indexOf('\0') >= 0) {
      throw new InvalidPathException(text, "Nul character not allowed");
    }
    List<String> names = new ArrayList<>();
    for (String name : text.split("/")) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    boolean absolute = text.startsWith("/");
    return absolute ? new DiskPath(view, true, List.copyOf(names)) : relative(view, names);
  }

  private static DiskPath relative(DiskView view, List<String> names) {
    return new DiskPath(view, false, names.isEmpty() ? List.of("") : List.copyOf(names));
  }

  /** The path as one of this file system. */
  static DiskPath of(Path path) {
    if (path instanceof DiskPath disk) {
      return disk;
    }
    throw new ProviderMismatchException(path + " is not on the simulated disk");
  }

  /** The names from the root on, without dots. */
  static List<String> names(Path path) {
    return of(path).toAbsolutePath().normalize().names;
  }

  private boolean empty() {
    return !absolute && text.isEmpty();
  }

  private DiskPath part(int from, int to) {
    return new DiskPath(view, false, names.subList(from, to));
  }

  @Override
  public DiskView getFileSystem() {
    return view;
  }

  @Override
  public boolean isAbsolute() {
    return absolute;
  }

  @Override
  public DiskPath getRoot() {
    return absolute ? new DiskPath(view, true, List.of()) : null;
  }

  @Override
  public DiskPath getFileName() {
    return names.isEmpty() ? null : part(names.size() - 1, names.size());
  }

  @Override
  public DiskPath getParent() {
    if (names.size() > 1) {
      return new DiskPath(view, absolute, names.subList(0, names.size() - 1));
    }
    return names.isEmpty() ? null : getRoot();
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public DiskPath getName(int index) {
    if (index < 0 || index >= names.size()) {
      throw new IllegalArgumentException("no name " + index + " in " + text);
    }
    return part(index, index + 1);
  }

  @Override
  public DiskPath subpath(int begin, int end) {
    if (begin < 0 || begin >= end || end > names.size()) {
      throw new IllegalArgumentException("no names " + begin + " to " + end + " in " + text);
    }
    return part(begin, end);
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof DiskPath prefix
        && prefix.view == view
        && prefix.absolute == absolute
        && (prefix.empty()
            ? empty()
            : prefix.names.size() <= names.size()
                && names.subList(0, prefix.names.size()).equals(prefix.names));
  }

  @Override
  public boolean endsWith(Path other) {
    if (!(other instanceof DiskPath suffix) || suffix.view != view) {
      return false;
    }
    if (suffix.absolute || suffix.empty()) {
      return equals(suffix);
    }
    int from = names.size() - suffix.names.size();
    return from >= 0 && names.subList(from, names.size()).equals(suffix.names);
  }

  @Override
  public DiskPath normalize() {
    if (!empty() && !names.contains(".") && !names.contains("..")) {
      return this;
    }
    List<String> kept = new ArrayList<>();
    for (String name : names) {
      boolean last = !kept.isEmpty() && !kept.get(kept.size() - 1).equals("..");
      if (name.equals("..") && last) {
        kept.remove(kept.size() - 1);
      } else if (!name.equals(".") && !name.isEmpty() && !(name.equals("..") && absolute)) {
        kept.add(name);
      }
    }
    return absolute ? new DiskPath(view, true, List.copyOf(kept)) : relative(view, kept);
  }

  @Override
  public DiskPath resolve(Path other) {
    DiskPath tail = of(other);
    if (tail.absolute || empty()) {
      return tail;
    }
    if (tail.empty()) {
      return this;
    }
    List<String> all = new ArrayList<>(names);
    all.addAll(tail.names);
    return new DiskPath(view, absolute, List.copyOf(all));
  }

  @Override
  public DiskPath resolve(String other) {
    boolean oneName = !other.isEmpty() && other.indexOf('/') < 0 && other.indexOf('\0') < 0;
    return oneName && !empty() ? child(other) : resolve(view.getPath(other));
  }

  /** The usual way down, made short because storages go it at every call. */
  private DiskPath child(String name) {
    String[] all = names.toArray(new String[names.size() + 1]);
    all[names.size()] = name;
    String separator = names.isEmpty() ? "" : "/";
    return new DiskPath(view, absolute, List.of(all), text + separator + name);
  }

  @Override
  public DiskPath relativize(Path other) {
    DiskPath to = of(other);
    if (to.absolute != absolute) {
      throw new IllegalArgumentException("'other' is different type of Path");
    }
    if (empty()) {
      return to;
    }
    int same = 0;
    while (same < Math.min(names.size(), to.names.size())
        && names.get(same).equals(to.names.get(same))) {
      same++;
    }
    List<String> way = new ArrayList<>();
    for (int i = same; i < names.size(); i++) {
      way.add("..");
    }
    if (!to.empty()) {
      way.addAll(to.names.subList(same, to.names.size()));
    }
    return relative(view, way);
  }

  @Override
  public DiskPath toAbsolutePath() {
    return absolute ? this : getFileSystem().getPath("/").resolve(this);
  }

  @Override
  public DiskPath toRealPath(LinkOption... options) throws IOException {
    view.provider().checkAccess(this);
    return toAbsolutePath().normalize();
  }

  @Override
  public URI toUri() {
    throw Unsupported.because("a simulated disk has no address");
  }

  @Override
  public File toFile() {
    throw Unsupported.because("a File is on the machine's own disk");
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw Unsupported.because("nothing tells of changes");
  }

  @Override
  public int compareTo(Path other) {
    return text.compareTo(of(other).text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DiskPath path && path.view == view && path.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
