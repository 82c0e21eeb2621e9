package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.TransportContext;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** What every connection of one running transport needs. */
record Site(
    TransportContext context,
    TcpSettings settings,
    EventLoop loop,
    Complaints complaints,
    FrameReceiver receiver) {

  /** A fault of the layer above must not end what carries all frames. */
  void tell(NodeId peer, String what, Consumer<FrameReceiver> news) {
    try {
      news.accept(receiver);
    } catch (RuntimeException e) {
      complaints.say(Level.ERROR, "receiver/" + peer, "Telling that " + what + " failed: " + e);
    }
  }
}
