package dev.quorate.raft.testkit.disk;

import dev.quorate.raft.testkit.disk.DiskOperation.Kind;
import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;

/** How much room there is. */
final class DiskStore extends FileStore {

  private final DiskView view;

  DiskStore(DiskView view) {
    this.view = view;
  }

  private Volume volume() {
    return view.volume(DiskOperation.of(Kind.SPACE, "/"));
  }

  @Override
  public long getUsableSpace() {
    synchronized (view.monitor()) {
      return volume().freeBytes();
    }
  }

  @Override
  public long getUnallocatedSpace() {
    return getUsableSpace();
  }

  @Override
  public long getTotalSpace() {
    synchronized (view.monitor()) {
      return volume().allBytes();
    }
  }

  @Override
  public long getBlockSize() {
    return Pages.PAGE;
  }

  @Override
  public boolean isReadOnly() {
    synchronized (view.monitor()) {
      return volume().faults().readOnly();
    }
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public String type() {
    return "simulated";
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return false;
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return "basic".equals(name);
  }

  @Override
  public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
    return null;
  }

  @Override
  public Object getAttribute(String attribute) {
    throw new UnsupportedOperationException("no attribute " + attribute);
  }
}
