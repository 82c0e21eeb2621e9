package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a dialler and a listener, and can be a bad network: slow, or swallowing what comes
 * without ever breaking a connection.
 */
final class Proxy implements AutoCloseable {

  private static final int BUFFER_BYTES = 16 * 1024;

  private final ServerSocket listener;
  private final Address target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile long bytesPerSecond = Long.MAX_VALUE;

  /** Connections below this number do not carry anything any more. */
  private volatile int stalledBelow;

  private int accepted;

  /** A fast proxy. */
  Proxy(Address target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket();
    listener.setReceiveBufferSize(BUFFER_BYTES);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    daemon(this::accept);
  }

  Address address() {
    return new Address("127.0.0.1", listener.getLocalPort());
  }

  /** From now on every connection carries that much. */
  void slowDown(long newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
  }

  /** Nothing goes through any more, but new connections are accepted. */
  void stallAll() {
    stalledBelow = Integer.MAX_VALUE;
  }

  /** The present connections carry nothing any more; new ones do. */
  synchronized void stallPresent() {
    stalledBelow = accepted;
  }

  /** The present connections end; new ones are accepted. */
  void breakPresent() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket from = listener.accept();
        int number;
        synchronized (this) {
          number = accepted++;
        }
        sockets.add(from);
        Socket to = new Socket(target.host(), target.port());
        sockets.add(to);
        to.setTcpNoDelay(true);
        from.setTcpNoDelay(true);
        daemon(() -> copy(number, from, to));
        daemon(() -> copy(number, to, from));
      }
    } catch (IOException e) {
      closeQuietly();
    }
  }

  private void copy(int number, Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        while (number < stalledBelow) {
          if (listener.isClosed()) {
            return;
          }
          LockSupport.parkNanos(1_000_000);
        }
        out.write(buffer, 0, count);
        if (bytesPerSecond != Long.MAX_VALUE) {
          LockSupport.parkNanos(count * 1_000_000_000L / bytesPerSecond);
        }
      }
    } catch (IOException e) {
      // One end closed or broke: the other is closed with it, which is all a proxy can do.
      return;
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "test-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closeQuietly();
  }

  private void closeQuietly() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
