package dev.quorate.chat.demo.machine;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;

/** Questions about addresses that only this machine's network can answer. */
public final class LocalAddress {
  /** Any port will do: connecting a datagram socket picks a route and sends nothing. */
  private static final int DISCARD = 9;

  private LocalAddress() {}

  /** Resolves a name or number that a person gave; the message of the failure names it. */
  public static InetAddress resolve(String option, String host) throws UnknownHostException {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      UnknownHostException named =
          new UnknownHostException(option + ": no address is known for '" + host + "'");
      named.initCause(e);
      throw named;
    }
  }

  /** The address from which packets to {@code peer} leave, which is the one it can answer. */
  public static InetAddress reaching(InetAddress peer) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(peer, DISCARD));
      InetAddress local = socket.getLocalAddress();
      if (local.isAnyLocalAddress()) {
        throw new IOException("there is no route to " + peer.getHostAddress());
      }
      return local;
    }
  }

  /** Whether this machine can listen on the address; all of 127.0.0.0/8 is its own. */
  public static boolean isOwn(InetAddress address) throws IOException {
    return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
  }
}
