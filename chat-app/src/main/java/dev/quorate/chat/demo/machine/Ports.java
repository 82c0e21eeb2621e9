package dev.quorate.chat.demo.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Looks whether the ports of nodes are free before any process is started for them. */
public final class Ports {
  private static final int CONNECT_MILLIS = 400;

  private Ports() {}

  /** The ports of local nodes that something listens on already, each as a phrase. */
  public static List<String> taken(List<Place> places) throws IOException {
    List<String> taken = new ArrayList<>();
    for (Place place : places) {
      if (place.local()) {
        InetAddress host = InetAddress.getByName(place.host());
        if (!isFree(host, place.chatPort())) {
          taken.add(place.chatAddress() + " (chat, node " + place.node() + ")");
        }
        if (!isFree(host, place.raftPort())) {
          taken.add(place.raftAddress() + " (Raft, node " + place.node() + ")");
        }
      }
    }
    return taken;
  }

  /**
   * The nodes at whose chat port something listens. It costs nothing when nothing does, whereas a
   * real question brings a client library into memory before the first node is started.
   */
  public static List<Place> answering(List<Place> places) {
    return places.stream().filter(Ports::answers).toList();
  }

  private static boolean answers(Place place) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(place.host(), place.chatPort()), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isFree(InetAddress host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // Connections of an earlier run that are still being forgotten are no listener.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
