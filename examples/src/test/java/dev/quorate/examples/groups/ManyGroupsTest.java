package dev.quorate.examples.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.counter.Counter;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three hosts with many groups each elect and serve, over sockets and with files, in one process
 * here. There are 30 groups, and as many as one asks for; it then says what they took:
 *
 * <pre>
 * ./mvnw -pl examples -am test -Dtest=ManyGroupsTest -Dquorate.groups=1000 \
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ManyGroupsTest {

  private static final System.Logger LOG = System.getLogger(ManyGroupsTest.class.getName());

  private static final int GROUPS = Integer.getInteger("quorate.groups", 30);
  private static final boolean MEASURED = Integer.getInteger("quorate.groups") != null;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** After that groups without anything to do rest. */
  private static final Duration SETTLING = Duration.ofSeconds(20);

  /** Over how long an idle process is looked at. */
  private static final Duration WINDOW = Duration.ofSeconds(20);

  /** Few for each host, however many groups it has. */
  private static final int MOST_THREADS = 150;

  @TempDir Path directory;

  @Test
  void threeHostsOfManyGroupsElectAndServe() throws Exception {
    String list = nodesOnFreePorts();
    List<RaftHost> hosts = new ArrayList<>();
    try {
      for (String id : List.of("n1", "n2", "n3")) {
        hosts.add(open(id, list));
      }
      if (MEASURED) {
        measureIdle(0);
      }
      long begin = System.nanoTime();
      for (int i = 0; i < GROUPS; i++) {
        for (RaftHost host : hosts) {
          host.group("g" + i).stateMachine(new Counter()).start();
        }
      }
      say("started", begin);
      serve(hosts, 1);
      say("elected and served one command in each group", begin);
      begin = System.nanoTime();
      serve(hosts, 2);
      say("served another command in each group", begin);
      assertThat(Thread.activeCount()).isLessThan(MOST_THREADS);
      if (MEASURED) {
        measureIdle(GROUPS);
      }
    } finally {
      List<CompletableFuture<Void>> ends = hosts.stream().map(RaftHost::closeAsync).toList();
      for (CompletableFuture<Void> end : ends) {
        end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private RaftHost open(String id, String list) throws IOException {
    return Raft.host(id)
        .cluster("many", list)
        .dataDirectory(directory.resolve(id))
        .setting("raft.quiet-after", System.getProperty("quorate.quiet-after", "2s"))
        .setting("raft.heartbeat", "500ms")
        .setting("raft.election-timeout.min", "3s")
        .setting("raft.election-timeout.max", "6s")
        .setting("raft.max-command-bytes", "4KiB")
        .setting("raft.max-batch-bytes", "4KiB")
        .setting("raft.max-in-flight-bytes", "8KiB")
        .setting("raft.storage.file.segment-bytes", "64KiB")
        .start();
  }

  /** Each group counts up by one, through one of its hosts by turns. */
  private static void serve(List<RaftHost> hosts, long expected) throws Exception {
    List<CompletableFuture<Outcome>> ends = new ArrayList<>();
    for (int i = 0; i < GROUPS; i++) {
      RaftNode node = hosts.get(i % hosts.size()).groups().get("g" + i);
      ends.add(node.submit(ByteBuffer.allocate(Long.BYTES).putLong(1).array(), PATIENCE));
    }
    for (CompletableFuture<Outcome> end : ends) {
      assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              Outcome.Applied.class,
              applied ->
                  assertThat(ByteBuffer.wrap(applied.result()).getLong()).isEqualTo(expected));
    }
  }

  /** What nothing to do costs: no command is on its way meanwhile. */
  private static void measureIdle(int groups) {
    pass(SETTLING);
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long usedMib = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    long begin = System.nanoTime();
    Duration before = processorTime();
    pass(WINDOW);
    double percent = 100.0 * processorTime().minus(before).toNanos() / (System.nanoTime() - begin);
    LOG.log(
        System.Logger.Level.INFO,
        "{0} groups on three hosts: {1} MiB of heap, idle at {2}% of a core, {3} threads",
        groups,
        usedMib,
        percent,
        Thread.activeCount());
  }

  private static void pass(Duration time) {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < time.toNanos()) {
      LockSupport.parkNanos(time.toNanos());
    }
  }

  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static void say(String what, long beginNanos) {
    if (MEASURED) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0} groups on three hosts: {1} after {2} ms",
          GROUPS,
          what,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos));
    }
  }

  private static String nodesOnFreePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<String> nodes = new ArrayList<>();
    try {
      for (String id : List.of("n1", "n2", "n3")) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        nodes.add(id + "=127.0.0.1:" + socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return String.join(",", nodes);
  }
}
