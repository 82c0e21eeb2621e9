package dev.quorate.raft.storage.file.disk;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** What kind of thing a node is; it has no times. */
record DiskAttributes(Node node) implements BasicFileAttributes {

  @Override
  public boolean isDirectory() {
    return node instanceof Node.Directory;
  }

  @Override
  public boolean isRegularFile() {
    return !isDirectory();
  }

  @Override
  public long size() {
    return node instanceof Node.Data data ? data.seen().length : 0;
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
    throw new UnsupportedOperationException();
  }

  @Override
  public FileTime lastAccessTime() {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileTime creationTime() {
    throw new UnsupportedOperationException();
  }
}
