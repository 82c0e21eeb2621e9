package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.TransportContext;

/** What every connection of one running transport needs. */
record Site(
    TransportContext context,
    TcpSettings settings,
    EventLoop loop,
    Complaints complaints,
    FrameReceiver receiver) {}
