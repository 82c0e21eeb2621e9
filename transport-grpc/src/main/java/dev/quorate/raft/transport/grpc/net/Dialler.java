package dev.quorate.raft.transport.grpc.net;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Makes channels, all with the transport's own threads. */
final class Dialler {

  /** An answer's text and the rest of a small message. */
  private static final int MAX_INBOUND_MESSAGE_BYTES = 4 * 1024;

  private final EventLoopGroup loops;
  private final int connectMillis;
  private final int windowBytes;
  private final int maxMessageBytes;

  Dialler(EventLoopGroup loops, GrpcSettings settings) {
    this(loops, settings, MAX_INBOUND_MESSAGE_BYTES);
  }

  /** The same for calls on which more than acknowledgements comes back. */
  Dialler(EventLoopGroup loops, GrpcSettings settings, int maxMessageBytes) {
    this.loops = loops;
    this.maxMessageBytes = maxMessageBytes;
    this.connectMillis = (int) settings.connectTimeout().toMillis();
    this.windowBytes = settings.flowControlWindowBytes();
  }

  /**
   * A new channel to an address that was looked up: gRPC itself logs each lookup that fails.
   *
   * @param onSocket gets each socket that the channel makes
   */
  ManagedChannel channelTo(InetSocketAddress address, Consumer<Channel> onSocket) {
    return NettyChannelBuilder.forAddress(address)
        .usePlaintext()
        .eventLoopGroup(loops)
        .channelFactory(
            () -> {
              NioSocketChannel socket = new NioSocketChannel();
              onSocket.accept(socket);
              return socket;
            })
        .directExecutor()
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
        .withOption(ChannelOption.TCP_NODELAY, true)
        .withOption(ChannelOption.SO_KEEPALIVE, true)
        .flowControlWindow(windowBytes)
        .maxInboundMessageSize(maxMessageBytes)
        // Peers are dialled directly, whatever proxy the JVM uses for the web.
        .proxyDetector(target -> null)
        .disableServiceConfigLookUp()
        // A retry would buffer what was sent; here what is lost is lost.
        .disableRetry()
        .maxTraceEvents(0)
        .build();
  }
}
