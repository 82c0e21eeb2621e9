package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.TransportContext;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/** What every connection of one running transport needs. */
record Site(
    TransportContext context,
    GrpcSettings settings,
    EventLoop loop,
    Complaints complaints,
    FrameReceiver receiver) {

  /** Runs a task in the loop, at once if this is the loop; drops it if the transport is closed. */
  void inLoop(Runnable task) {
    inLoop(loop, task);
  }

  /** The same for any loop. */
  static void inLoop(EventLoop loop, Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // Whatever it was about, the loop's end has settled it.
      return;
    }
  }
}
