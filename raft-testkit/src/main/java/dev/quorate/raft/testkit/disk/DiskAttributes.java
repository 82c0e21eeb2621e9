package dev.quorate.raft.testkit.disk;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What kind of thing a node was when it was asked; it has no times.
 *
 * @param node the file or directory, for its identity only
 */
record DiskAttributes(Node node, boolean isDirectory, long size) implements BasicFileAttributes {

  static DiskAttributes of(Node node) {
    return node instanceof FileNode file
        ? new DiskAttributes(node, false, file.length())
        : new DiskAttributes(node, true, 0);
  }

  @Override
  public boolean isRegularFile() {
    return !isDirectory;
  }

  @Override
  public boolean isSymbolicLink() {
    return false;
  }

  @Override
  public boolean isOther() {
    return false;
  }

  @Override
  public Object fileKey() {
    return node;
  }

  @Override
  public FileTime lastModifiedTime() {
    throw Unsupported.because("a simulated disk keeps no times");
  }

  @Override
  public FileTime lastAccessTime() {
    throw Unsupported.because("a simulated disk keeps no times");
  }

  @Override
  public FileTime creationTime() {
    throw Unsupported.because("a simulated disk keeps no times");
  }
}
