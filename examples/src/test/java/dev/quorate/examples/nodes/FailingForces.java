package dev.quorate.examples.nodes;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageProvider;
import java.io.IOException;
import java.util.ServiceLoader;

/** The storage {@code file}, on a disk whose forces fail when told to. */
final class FailingForces implements StorageProvider {

  static final String REASON = "the disk is gone";

  static {
    FailingForces.class.getModule().addUses(StorageProvider.class);
  }

  private final StorageProvider file =
      ServiceLoader.load(StorageProvider.class).stream()
          .map(ServiceLoader.Provider::get)
          .filter(found -> found.name().equals("file"))
          .findFirst()
          .orElseThrow();

  private volatile boolean fails;

  void fail() {
    fails = true;
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public Storage open(StorageContext context) throws IOException {
    return new Disk(file.open(context));
  }

  private final class Disk implements Storage {

    private final Storage real;

    private Disk(Storage real) {
      this.real = real;
    }

    @Override
    public long incarnation() {
      return real.incarnation();
    }

    @Override
    public GroupLog openLog(String group) throws IOException {
      return real.openLog(group);
    }

    @Override
    public SnapshotStore openSnapshots(String group) throws IOException {
      return real.openSnapshots(group);
    }

    @Override
    public void force() throws IOException {
      if (fails) {
        throw new IOException(REASON);
      }
      real.force();
    }

    @Override
    public boolean hasSpace() {
      return real.hasSpace();
    }

    @Override
    public long reserveBytes() {
      return real.reserveBytes();
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
