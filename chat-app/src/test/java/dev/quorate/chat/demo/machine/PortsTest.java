package dev.quorate.chat.demo.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void namesThePortThatIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int free = freePort();
      Place place = new Place(3, true, "127.0.0.1", taken.getLocalPort(), free);
      assertThat(Ports.taken(List.of(place)))
          .containsExactly("127.0.0.1:" + taken.getLocalPort() + " (chat, node 3)");
      assertThat(Ports.answering(List.of(place))).containsExactly(place);
    }
  }

  @Test
  void leavesTheOtherMachineAlone() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Place place = new Place(3, false, "127.0.0.1", taken.getLocalPort(), taken.getLocalPort());
      assertThat(Ports.taken(List.of(place))).isEmpty();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
