package dev.quorate.raft.storage.file.disk;

import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path whose arithmetic is that of the default file system. */
record DiskPath(DiskFileSystem fileSystem, Path names) implements Path {

  static Path names(Path path) {
    return ((DiskPath) path).names;
  }

  private DiskPath wrap(Path path) {
    return path == null ? null : new DiskPath(fileSystem, path);
  }

  @Override
  public DiskFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public Path getFileName() {
    return wrap(names.getFileName());
  }

  @Override
  public Path getParent() {
    return wrap(names.getParent());
  }

  @Override
  public Path resolve(Path other) {
    return wrap(names.resolve(names(other)));
  }

  @Override
  public Path resolve(String other) {
    return wrap(names.resolve(other));
  }

  @Override
  public Path toAbsolutePath() {
    return this;
  }

  @Override
  public int compareTo(Path other) {
    return names.compareTo(names(other));
  }

  @Override
  public String toString() {
    return names.toString();
  }

  @Override
  public boolean isAbsolute() {
    return names.isAbsolute();
  }

  @Override
  public Path getRoot() {
    return wrap(names.getRoot());
  }

  @Override
  public int getNameCount() {
    return names.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return wrap(names.getName(index));
  }

  @Override
  public Path subpath(int begin, int end) {
    return wrap(names.subpath(begin, end));
  }

  @Override
  public boolean startsWith(Path other) {
    return names.startsWith(names(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return names.endsWith(names(other));
  }

  @Override
  public Path normalize() {
    return wrap(names.normalize());
  }

  @Override
  public Path relativize(Path other) {
    return wrap(names.relativize(names(other)));
  }

  @Override
  public URI toUri() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    return this;
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }
}
