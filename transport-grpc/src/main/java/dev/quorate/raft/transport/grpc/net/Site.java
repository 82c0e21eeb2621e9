package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.TransportContext;
import io.netty.channel.EventLoop;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** What every connection of one running transport needs. */
record Site(
    TransportContext context,
    GrpcSettings settings,
    EventLoop loop,
    Complaints complaints,
    FrameReceiver receiver) {

  /**
   * A fault of the layer above must not end what carries all frames; at the end it is told nothing.
   */
  void tell(NodeId peer, String what, Consumer<FrameReceiver> news) {
    if (loop.isShuttingDown()) {
      return;
    }
    try {
      news.accept(receiver);
    } catch (RuntimeException e) {
      complaints.say(Level.ERROR, "receiver/" + peer, "Telling that " + what + " failed: " + e);
    }
  }

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
