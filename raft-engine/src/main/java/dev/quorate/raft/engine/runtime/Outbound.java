package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.codec.MessageCodec;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.ForwardCommand;
import dev.quorate.raft.engine.message.Message.ForwardResult;
import dev.quorate.raft.engine.message.Message.SnapshotChunk;
import dev.quorate.raft.engine.message.Peer;
import java.nio.ByteBuffer;

/** Puts a group's messages into envelopes and hands them to the transport. For any thread. */
final class Outbound {

  private final Peer self;
  private final String group;
  private final Transport transport;
  private final int maxFrameBytes;
  private final RateLimitedLog log;
  private volatile ClusterId clusterId = ClusterId.NONE;

  Outbound(Peer self, String group, Transport transport, int maxFrameBytes, RateLimitedLog log) {
    this.self = self;
    this.group = group;
    this.transport = transport;
    this.maxFrameBytes = maxFrameBytes;
    this.log = log;
  }

  void clusterId(ClusterId id) {
    clusterId = id;
  }

  void send(NodeId to, long toIncarnation, Message message) {
    ByteBuffer frame =
        MessageCodec.encode(new Envelope(clusterId, group, self, to, toIncarnation), message);
    if (frame.remaining() > maxFrameBytes) {
      log.warn(
          "frame too long",
          "a message of "
              + frame.remaining()
              + " bytes to "
              + to
              + " is longer than "
              + EngineSettings.MAX_FRAME_BYTES
              + " ("
              + maxFrameBytes
              + ") and was not sent");
      return;
    }
    transport.send(to, lane(message), frame);
  }

  private static Lane lane(Message message) {
    boolean bulk =
        message instanceof AppendRequest append && !append.entries().isEmpty()
            || message instanceof ForwardCommand
            || message instanceof ForwardResult
            || message instanceof SnapshotChunk;
    return bulk ? Lane.BULK : Lane.CONTROL;
  }
}
