package dev.quorate.raft.testkit.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/** The disk as one process sees it; dead when the process is. */
final class DiskView extends FileSystem {

  private final DiskProvider provider = new DiskProvider(this);
  private final Object monitor;
  private Volume volume;
  private int openChannels;

  /**
   * A view of a living process.
   *
   * @param monitor what guards the volume, and all of this
   */
  DiskView(Volume volume, Object monitor) {
    this.volume = volume;
    this.monitor = monitor;
  }

  Object monitor() {
    return monitor;
  }

  /** What is seen; the caller holds the monitor. */
  Volume volume(DiskOperation operation) {
    if (volume == null) {
      throw new SimulatedCrash(operation.toString());
    }
    return volume;
  }

  boolean dead() {
    return volume == null;
  }

  /** Nothing of the process reaches the disk any more, nor keeps it in memory. */
  void die() {
    volume = null;
    openChannels = 0;
  }

  SimulatedCrash crash(DiskOperation operation) {
    die();
    return new SimulatedCrash(operation.toString());
  }

  /** Begins an operation that has nothing to do for a fault but to be thrown. */
  Volume begin(DiskOperation operation) throws IOException {
    Volume seen = volume(operation);
    if (seen.faults().strike(operation) == DiskFault.CRASH) {
      throw crash(operation);
    }
    return seen;
  }

  void opened(Node node) {
    node.opened(1);
    openChannels++;
  }

  void closed(Node node) {
    if (volume != null) {
      volume.closed(node);
      openChannels--;
    }
  }

  int openChannels() {
    return openChannels;
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public DiskPath getPath(String first, String... more) {
    return DiskPath.of(this, first, more);
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("a disk is not closed");
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new DiskStore(this));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    throw Unsupported.because("patterns of paths are not simulated");
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw Unsupported.because("there are no users");
  }

  @Override
  public WatchService newWatchService() {
    throw Unsupported.because("nothing tells of changes");
  }
}
