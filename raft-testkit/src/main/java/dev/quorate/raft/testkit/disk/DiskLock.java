package dev.quorate.raft.testkit.disk;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;

/** A lock of a part of a file, held by a channel until it is released or the channel is closed. */
final class DiskLock extends FileLock {

  private final DiskChannel channel;
  private boolean released;

  DiskLock(DiskChannel channel, long at, long size, boolean shared) {
    super(channel, at, size, shared);
    this.channel = channel;
  }

  @Override
  public boolean isValid() {
    return channel.isOpen() && !released;
  }

  @Override
  public void release() throws IOException {
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    released = true;
    channel.unlock(this);
  }
}
