package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.transport.tcp.wire.Answer;
import dev.quorate.raft.transport.tcp.wire.GreetingDecoder;
import dev.quorate.raft.transport.tcp.wire.Hello;
import dev.quorate.raft.transport.tcp.wire.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * A client's end of a link: from the lookup of the host to the link's end, once. A host with
 * several addresses is tried at each of them. Only the event loop calls.
 */
final class Dialled implements EventLoop.Handler {

  private enum State {
    RESOLVING,
    CONNECTING,
    GREETING,
    UP,
    CLOSED
  }

  private final EventLoop loop;
  private final ClientContext context;
  private final TcpSettings settings;
  private final Address address;
  private final LinkListener listener;
  private final LinkEnd end;
  private final Runnable onEnd;
  private State state = State.RESOLVING;
  private long deadline;
  private Iterator<InetAddress> untried;
  private SocketChannel channel;
  private SelectionKey key;
  private GreetingDecoder greeting;

  Dialled(
      EventLoop loop,
      ClientContext context,
      TcpSettings settings,
      Complaints complaints,
      Address address,
      LinkListener listener,
      Consumer<Dialled> onEnd) {
    this.loop = loop;
    this.context = context;
    this.settings = settings;
    this.address = address;
    this.listener = listener;
    this.onEnd = () -> onEnd.accept(this);
    this.end =
        new LinkEnd(
            loop,
            settings,
            complaints,
            address.toString(),
            context.maxFrameBytes(),
            settings.stallTimeout(),
            this::shut);
  }

  Link link() {
    return end;
  }

  void dial(Resolver resolver) {
    end.listener(listener);
    deadline = System.nanoTime() + settings.connectTimeout().toNanos();
    resolver.resolve(address.host(), found -> loop.execute(() -> resolved(found)));
  }

  private void resolved(InetAddress[] found) {
    if (state == State.RESOLVING) {
      untried = Arrays.asList(found).iterator();
      connectToNext("no address is known for this host");
    }
  }

  private void connectToNext(String why) {
    if (!untried.hasNext()) {
      shut(why);
      return;
    }
    state = State.CONNECTING;
    deadline = System.nanoTime() + settings.connectTimeout().toNanos();
    try {
      channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, settings.socketSendBufferBytes());
      key = loop.register(channel, SelectionKey.OP_CONNECT, this);
      if (channel.connect(new InetSocketAddress(untried.next(), address.port()))) {
        greet();
      }
    } catch (IOException | UnsupportedAddressTypeException e) {
      failed(e.toString());
    }
  }

  private void greet() throws IOException {
    if (channel.getLocalAddress().equals(channel.getRemoteAddress())) {
      // TCP connects a socket to itself where a dead listener's port is chosen as one's own.
      throw new IOException("nobody listens there");
    }
    state = State.GREETING;
    deadline = System.nanoTime() + settings.stallTimeout().toNanos();
    greeting = GreetingDecoder.ofAnswer();
    key.interestOps(SelectionKey.OP_READ);
    ByteBuffer hello = Hello.ofClient(context.cluster()).encode();
    channel.write(hello);
    if (hello.hasRemaining()) {
      throw new IOException("the handshake does not fit into a new socket's buffer");
    }
  }

  @Override
  public void ready(SelectionKey ready) {
    try {
      if (ready.isConnectable()) {
        channel.finishConnect();
        greet();
      } else if (ready.isReadable()) {
        read();
      }
      if (state == State.UP && ready.isWritable()) {
        end.writable();
      }
    } catch (IOException e) {
      failed(String.valueOf(e.getMessage()));
    }
  }

  private void read() throws IOException {
    ByteBuffer in = loop.readBuffer();
    if (channel.read(in) < 0) {
      throw new IOException("the node closed the connection");
    }
    in.flip();
    if (state == State.GREETING) {
      answered(in);
    }
    if (state == State.UP) {
      end.arrived(in);
    }
  }

  private void answered(ByteBuffer in) throws IOException {
    ByteBuffer body = greeting.next(in);
    if (body == null) {
      return;
    }
    Answer answer = Answer.decode(body);
    if (answer.verdict() != Verdict.ACCEPTED) {
      throw new IOException("refused as " + answer.verdict() + ": " + answer.text());
    }
    state = State.UP;
    end.up(channel, key, answer.version());
    end.tell(listener::onOpen);
  }

  void tick(long now) {
    if (state == State.UP) {
      try {
        end.tick(now);
      } catch (IOException e) {
        shut(e.getMessage());
      }
    } else if (state != State.CLOSED && now - deadline >= 0) {
      failed("no connection in time");
    }
  }

  /** An attempt to connect may have another address to try; a link has not. */
  private void failed(String why) {
    if (state == State.CONNECTING) {
      closeChannel();
      connectToNext(why);
    } else {
      shut(why);
    }
  }

  void shut(String why) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    closeChannel();
    onEnd.run();
    end.ended(why);
  }

  private void closeChannel() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The descriptor is gone either way.
        return;
      }
    }
  }
}
