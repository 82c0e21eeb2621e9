package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeHealth;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node whose log is damaged says so, does nothing else, and touches nothing. */
@Timeout(180)
class DamagedLogTest {

  private static final String SEGMENT = "0000000001.wal";

  /** In the first batch, behind the header of the file. */
  private static final int DAMAGED_AT = 110;

  @TempDir private Path directory;

  private static void put(RaftNode node, String key) {
    node.submit(KeyValueStore.put(key, key), PATIENCE).join().resultOrThrow();
  }

  /** What may have happened to a file. */
  enum Damage {
    HEADER,
    CONTENT,
    SHORT,
    MISSING;

    private void doTo(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      switch (this) {
        case HEADER -> bytes[0] ^= 1;
        case CONTENT -> bytes[Math.min(DAMAGED_AT, bytes.length - 1)] ^= 1;
        case SHORT -> bytes = Arrays.copyOf(bytes, Math.min(DAMAGED_AT, bytes.length / 2));
        case MISSING -> {
          Files.delete(file);
          return;
        }
      }
      Files.write(file, bytes);
    }
  }

  static void damage(Path group) throws IOException {
    Damage.CONTENT.doTo(group.resolve(SEGMENT));
  }

  private static Map<Path, String> content(Path group) throws IOException {
    Map<Path, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(group)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(file, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return content;
  }

  static void wipe(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void assertSaysWhy(RaftNode node) {
    assertThat(node.status().condition())
        .isInstanceOfSatisfying(
            NodeCondition.Degraded.class,
            degraded ->
                assertThat(degraded.message())
                    .contains(SEGMENT + ", offset ")
                    .contains("wipe this node's whole data directory"));
    assertThat(node.health().findings())
        .extracting(NodeHealth.Finding::kind)
        .containsExactly(NodeHealth.Kind.DAMAGED);
    assertThat(node.health().isReady()).isFalse();
    assertThat(node.health().isLive()).as("the next start would find the same").isTrue();
    assertThat(node.submit(KeyValueStore.put("no", "no"), PATIENCE).join())
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            refused -> assertThat(refused.reason()).isEqualTo(RejectReason.DEGRADED));
    assertThat(node.read(KeyValueStore.get("no"), PATIENCE).join())
        .isInstanceOfSatisfying(
            ReadOutcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RejectReason.DEGRADED));
  }

  @Test
  void theOthersServeAndItIsLetInAgainWithAnEmptyDisk() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      put(nodes.node("n1"), "before");
      nodes.stop("n3");
      Path group = directory.resolve("n3").resolve("group-default");
      damage(group);
      Map<Path, String> damaged = content(group);

      RaftNode broken = nodes.start("n3", Settings.empty());
      assertSaysWhy(broken);
      put(nodes.node("n1"), "meanwhile");
      assertThat(broken.status().term()).as("it never took part").isZero();
      assertSaysWhy(broken);
      nodes.stop("n3");
      assertThat(content(group)).isEqualTo(damaged);

      wipe(directory.resolve("n3"));
      RaftNode again = nodes.start("n3", Settings.empty());
      until(
          "the empty disk to be let in",
          () ->
              nodes.node("n1").membership().readmit(NodeId.of("n3"), PATIENCE).join()
                  instanceof MembershipOutcome.Changed);
      assertThat(RealNodes.length(again, "meanwhile")).isEqualTo("meanwhile".length());
    }
  }

  /** The hard state among it, which the segment's header and its first batch hold. */
  @ParameterizedTest
  @EnumSource
  void whateverIsWrongWithItsLog(Damage how) throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1")) {
      nodes.found(Settings.empty(), "n1");
      put(nodes.node("n1"), "before");
      nodes.stop("n1");
      Path group = directory.resolve("n1").resolve("group-default");
      how.doTo(group.resolve(SEGMENT));
      Map<Path, String> damaged = content(group);

      assertSaysWhy(nodes.start("n1", Settings.empty()));
      nodes.stop("n1");
      assertThat(content(group)).isEqualTo(damaged);
      assertSaysWhy(nodes.start("n1", Settings.empty()));
    }
  }

  /** Without it a node cannot say which disk it is: it would be none of the cluster's voters. */
  @ParameterizedTest
  @EnumSource
  void noNodeStartsWithoutTheIdentityOfItsDisk(Damage how) throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1")) {
      nodes.found(Settings.empty(), "n1");
      put(nodes.node("n1"), "before");
      nodes.stop("n1");
      Path data = directory.resolve("n1");
      how.doTo(data.resolve("identity"));
      Map<Path, String> damaged = content(data);

      assertThatThrownBy(() -> nodes.start("n1", Settings.empty()))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("identity, offset 0: ")
          .hasMessageContaining("wipe this node's whole data directory");
      Map<Path, String> after = content(data);
      after.keySet().removeIf(file -> file.endsWith("holder"));
      damaged.keySet().removeIf(file -> file.endsWith("holder"));
      assertThat(after).as("all but who held the lock last").isEqualTo(damaged);
    }
  }

  /** With n3 broken nothing is committed without n2: it must not stand in for a vote. */
  @Test
  void itMakesNoMajority() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      put(nodes.node("n1"), "before");
      List.of("n1", "n2", "n3").forEach(nodes::stop);
      damage(directory.resolve("n3").resolve("group-default"));
      RaftNode broken = nodes.start("n3", Settings.empty());
      RaftNode alone = nodes.start("n1", Settings.empty());
      assertThat(alone.submit(KeyValueStore.put("a", "a"), Duration.ofSeconds(3)).join())
          .isNotInstanceOf(Outcome.Applied.class);
      assertThat(alone.status().leader()).isEmpty();
      assertSaysWhy(broken);
      nodes.start("n2", Settings.empty());
      put(alone, "two serve");
    }
  }

  @Test
  void theOtherGroupsOfItsHostServe() throws IOException {
    try (RealNodes ports = new RealNodes(directory, "n1")) {
      String list = "n1=" + ports.address("n1");
      for (String group : List.of("sound", "broken")) {
        try (RaftHost host = host(list)) {
          put(start(host, group), "before");
        }
      }
      Path files = directory.resolve("n1").resolve("group-broken");
      damage(files);
      Map<Path, String> damaged = content(files);
      try (RaftHost host = host(list)) {
        RaftNode broken = start(host, "broken");
        RaftNode sound = start(host, "sound");
        put(sound, "after");
        assertSaysWhy(broken);
        assertThat(host.groups()).containsOnlyKeys("broken", "sound");
        assertThat(RealNodes.length(sound, "before")).isEqualTo("before".length());
      }
      assertThat(content(files)).isEqualTo(damaged);
    }
  }

  private RaftHost host(String list) throws IOException {
    return Raft.host("n1")
        .cluster(RealNodes.CLUSTER, list)
        .dataDirectory(directory.resolve("n1"))
        .start();
  }

  private static RaftNode start(RaftHost host, String group) throws IOException {
    return host.group(group).stateMachine(new KeyValueStore()).members("n1").start();
  }
}
