package dev.quorate.chat.client;

import dev.quorate.raft.api.Address;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A connection to each node, made when it is first used, all on one thread. */
final class NodeChannels implements AutoCloseable {

  private static final long END_SECONDS = 2;

  private final List<Address> nodes;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("chat-client", true), NioIoHandler.newFactory());
  private final List<ManagedChannel> channels = new ArrayList<>();

  NodeChannels(List<Address> nodes) {
    this.nodes = List.copyOf(nodes);
    for (Address node : nodes) {
      channels.add(
          NettyChannelBuilder.forAddress(node.host(), node.port())
              .usePlaintext()
              .eventLoopGroup(group)
              .channelType(NioSocketChannel.class)
              .directExecutor()
              // Whether a call may be repeated is known here, not there.
              .disableRetry()
              .build());
    }
  }

  int size() {
    return nodes.size();
  }

  Address address(int index) {
    return nodes.get(index);
  }

  /** The channel, willing to connect now even if it failed to a moment ago. */
  ManagedChannel channel(int index) {
    ManagedChannel channel = channels.get(index);
    channel.resetConnectBackoff();
    return channel;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    group.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
  }
}
