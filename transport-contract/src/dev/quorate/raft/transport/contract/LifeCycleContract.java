package dev.quorate.raft.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of a transport's beginning and end: how it is found, configured, started and closed.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class LifeCycleContract extends ContractNodes {
  @Test
  void isFoundOnTheModulePathAndOnTheClassPath() throws Exception {
    TransportProvider provider = provider();
    String type = provider.getClass().getName();
    assertThat(provider.name()).isEqualTo(name());
    assertThat(provider.getClass().getModule().getDescriptor().provides())
        .anySatisfy(
            provides -> {
              assertThat(provides.service()).isEqualTo(TransportProvider.class.getName());
              assertThat(provides.providers()).containsExactly(type);
            });
    String services = "META-INF/services/" + TransportProvider.class.getName();
    try (InputStream file = provider.getClass().getModule().getResourceAsStream(services)) {
      assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8).strip()).isEqualTo(type);
    }
  }

  @Test
  void namesTheAddressThatIsInUse() throws IOException {
    TestNode a = node(N1);
    Transport second = closing(create(context("c", N2, a.address().port()), new RecordingLogger()));
    assertThatThrownBy(() -> second.start((from, frame) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(a.address().toString());
  }

  @Test
  void namesTheHostThatIsUnknown() {
    Transport transport =
        closing(
            create(
                new TransportContext(
                    "c",
                    N1,
                    new Address("no-such-host.invalid", 1),
                    MAX_FRAME_BYTES,
                    Settings.empty()),
                new RecordingLogger()));
    assertThatThrownBy(() -> transport.start((from, frame) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-such-host.invalid:1");
  }

  @Test
  void refusesKeysThatItDoesNotKnow() {
    assertRefused("raft.transport." + name() + ".no-such-key", "send-queue-bytes");
    assertRefused("raft.transport." + name() + ".tls.keystore", "not supported yet");
  }

  private void assertRefused(String key, String reason) {
    TransportContext context =
        new TransportContext(
            "c",
            N1,
            new Address("127.0.0.1", 0),
            MAX_FRAME_BYTES,
            Settings.empty().with(key, "x").with("raft.transport.another.key", "ignored"));
    assertThatThrownBy(() -> create(context, new RecordingLogger()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(reason);
  }

  @Test
  void leavesNothingBehindWhenClosed() throws Exception {
    // One round first, so that what the JVM or a library opens once is not counted.
    startAndClose(0);
    Await.within(Duration.ofSeconds(1), "no thread is left", () -> threads() == 0);
    long filesBefore = openFiles();
    int port = 0;
    for (int i = 0; i < 30; i++) {
      port = startAndClose(port);
    }
    // A thread that has done its work takes a moment to be gone.
    Await.within(Duration.ofSeconds(1), "no thread is left", () -> threads() == 0);
    assertThat(openFiles()).isLessThanOrEqualTo(filesBefore);
  }

  /** Two nodes that talk, and are closed again; the second one's port is used again. */
  private int startAndClose(int port) throws IOException {
    try (TestNode a = node(N1);
        TestNode b = node(context("c", N2, port))) {
      a.peer(b);
      b.peer(a);
      a.sendUntilReceived(b, "hello");
      return b.address().port();
    }
  }

  private static int threads() {
    Thread[] all = new Thread[Thread.activeCount() + 100];
    int count = Thread.enumerate(all);
    int ours = 0;
    for (int i = 0; i < count; i++) {
      if (all[i].getName().startsWith("quorate-")) {
        ours++;
      }
    }
    return ours;
  }

  private static long openFiles() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return 0;
    }
    try (var list = Files.list(descriptors)) {
      return list.count();
    }
  }

  @Test
  void endsItsThreads() throws IOException {
    TestNode a = node(NodeId.of("unique-1"));
    TestNode b = node(NodeId.of("unique-2"));
    a.peer(b);
    a.sendUntilReceived(b, "hello");
    a.close();
    b.close();
    Await.within(
        Duration.ofSeconds(1),
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("unique-")));
  }

  @Test
  void canBeClosedTwiceAndWithoutAStart() throws IOException {
    Transport unused = create(context("c", N1, 0), new RecordingLogger());
    unused.close();
    unused.close();
    TestNode a = node(N1);
    a.close();
    a.close();
    a.transport().setPeers(Map.of(N2, a.address()));
    a.send(N2, Lane.CONTROL, "into the void");
    assertThatThrownBy(() -> unused.start((from, frame) -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void canBeClosedByItsReceiver() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    Transport b = closing(create(context("c", N2, 0), new RecordingLogger()));
    Address address =
        b.start(
            (from, frame) -> {
              b.close();
              closed.countDown();
            });
    TestNode a = node(N1);
    a.transport().setPeers(Map.of(N2, address));
    a.send(N2, Lane.CONTROL, "close yourself");
    assertThat(closed.await(3, TimeUnit.SECONDS)).isTrue();
  }
}
