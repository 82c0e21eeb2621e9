package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.storage.GroupRemovedException;
import dev.quorate.raft.api.storage.StorageFailedException;
import dev.quorate.raft.api.storage.UnreadableException;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many groups in one process: what they share, and what they must not. */
@Timeout(120)
class HostGroupsTest {

  private static final String HOSTS = "n1=host1:7001,n2=host2:7002,n3=host3:7003,n4=host4:7004";

  private final MemoryNetwork network = new MemoryNetwork();
  private final SortedMap<String, MemoryDisk> disks = new TreeMap<>();
  private final List<RaftHost> hosts = new ArrayList<>();

  @AfterEach
  void closeHosts() {
    List<CompletableFuture<Void>> ends = hosts.stream().map(RaftHost::closeAsync).toList();
    ends.forEach(CompletableFuture::join);
    disks.values().forEach(disk -> assertThat(disk.openLogs()).isEmpty());
  }

  private RaftHost host(String id) throws IOException {
    RaftHost host =
        Raft.host(id)
            .cluster("test", HOSTS)
            .dataDirectory(Path.of("nowhere"))
            .setting("raft.max-groups", "20")
            .transport(network)
            .storage(disks.computeIfAbsent(id, fresh -> new MemoryDisk()))
            .start();
    hosts.add(host);
    return host;
  }

  private static RaftNode start(RaftHost host, String group) throws IOException {
    return host.group(group).stateMachine(new Register()).members("n1", "n2", "n3").start();
  }

  private static String read(RaftNode node) {
    return Register.text(node.read(bytes("")).join().value()).strip();
  }

  @Test
  void eachGroupHasAStateOfItsOwnOnEveryHost() throws IOException {
    List<RaftHost> three = List.of(host("n1"), host("n2"), host("n3"));
    for (RaftHost host : three) {
      for (int i = 0; i < 20; i++) {
        start(host, "g" + i);
      }
    }
    for (int i = 0; i < 20; i++) {
      three.get(i % 3).groups().get("g" + i).submitOrThrow(bytes("value " + i));
    }
    for (RaftHost host : three) {
      for (int i = 0; i < 20; i++) {
        assertThat(read(host.groups().get("g" + i))).isEqualTo("value " + i);
      }
    }
    assertThat(three.get(0).groups().get("g7").status().group()).isEqualTo("g7");
    assertThatThrownBy(() -> start(three.get(0), "one-more"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "group 'one-more' cannot start: host n1 has 20 groups already (raft.max-groups)");
  }

  @Test
  void aGroupIsClosedAndStartedAgainWhileAnotherServes() throws Exception {
    RaftHost host = host("n1");
    RaftNode one = host.group("one").stateMachine(new Register()).members("n1").start();
    RaftNode another = host.group("another").stateMachine(new Register()).members("n1").start();
    one.submitOrThrow(bytes("kept"));
    assertThatThrownBy(() -> start(host, "one"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("group 'one' is on host n1 already");

    one.closeAsync().get(20, TimeUnit.SECONDS);
    assertThat(host.groups()).containsOnlyKeys("another");
    assertThat(disks.get("n1").openLogs()).containsExactly("another");
    assertThat(one.submit(bytes("late")).join())
        .isInstanceOfSatisfying(
            Outcome.Rejected.class, end -> assertThat(end.reason()).isEqualTo(RejectReason.CLOSED));
    another.submitOrThrow(bytes("served"));

    RaftNode again = host.group("one").stateMachine(new Register()).members("n1").start();
    assertThat(read(again)).isEqualTo("kept");
    assertThat(read(another)).isEqualTo("served");
  }

  @Test
  void aGroupThatIsRemovedDoesNotComeBackAndTheOthersServe() throws Exception {
    RaftHost host = host("n1");
    RaftNode gone = host.group("gone").stateMachine(new Register()).members("n1").start();
    RaftNode kept = host.group("kept").stateMachine(new Register()).members("n1").start();
    gone.submitOrThrow(bytes("to be deleted"));
    assertThatThrownBy(() -> host.removeGroup("gone"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("group 'gone' cannot be removed while it runs on host n1: close it first");
    assertThatThrownBy(() -> host.removeGroup("a/b")).isInstanceOf(ConfigurationException.class);
    gone.closeAsync().get(20, TimeUnit.SECONDS);
    IOException failure = new IOException("told to");
    disks.get("n1").failOpening(Optional.of(failure));
    assertThatThrownBy(() -> host.removeGroup("gone")).isSameAs(failure);
    disks.get("n1").failOpening(Optional.empty());

    assertThat(host.removeGroup("never-there")).isFalse();
    assertThat(host.removeGroup("gone")).isTrue();
    assertThat(host.removeGroup("gone")).isFalse();
    assertThatThrownBy(() -> start(host, "gone"))
        .isInstanceOfSatisfying(
            GroupRemovedException.class, refusal -> assertThat(refusal.group()).isEqualTo("gone"));
    assertThat(host.groups()).containsOnlyKeys("kept");
    kept.submitOrThrow(bytes("served"));
    assertThat(read(kept)).isEqualTo("served");
    host.close();
    assertThatThrownBy(() -> host.removeGroup("kept"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("group 'kept' cannot be removed: host n1 is closed");
  }

  /** The members that are left go on, and take the host's place out of the group. */
  @Test
  void aHostLeavesAGroupAndRemovesIt() throws Exception {
    for (String id : List.of("n1", "n2", "n3")) {
      start(host(id), "g");
    }
    RaftNode first = hosts.get(0).groups().get("g");
    first.submitOrThrow(bytes("before"));
    first.membership().remove(NodeId.of("n3"), Duration.ofSeconds(20)).join();
    hosts.get(2).groups().get("g").closeAsync().get(20, TimeUnit.SECONDS);
    assertThat(hosts.get(2).removeGroup("g")).isTrue();
    first.submitOrThrow(bytes("after"));
    assertThat(read(hosts.get(1).groups().get("g"))).isEqualTo("before after");
  }

  @Test
  void aHostThatIsNotAmongTheMembersJoinsWhenItIsLetIn() throws IOException {
    for (String id : List.of("n1", "n2", "n3")) {
      start(host(id), "g");
    }
    RaftNode fourth = start(host("n4"), "g");
    hosts.get(0).groups().get("g").submitOrThrow(bytes("before"));
    assertThat(fourth.status().condition()).isNotEqualTo(new NodeCondition.Working());
    // Again if it ended otherwise: a leader may be lost on a machine that is busy.
    until(
        "the fourth member",
        () -> {
          if (fourth.status().voters().size() < 4) {
            letIn(hosts.get(0).groups().get("g"), NodeId.of("n4"));
          }
          return fourth.status().voters().size() == 4;
        });
    assertThat(read(fourth)).isEqualTo("before");
  }

  private static void letIn(RaftNode member, NodeId newcomer) {
    member.membership().addMember(newcomer, Duration.ofSeconds(5)).join();
  }

  /** As many as there are threads for actors, and more. */
  @Test
  void slowStateMachinesHoldUpNoOtherGroup() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    RaftHost host = host("n1");
    List<CompletableFuture<Outcome>> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        RaftNode node =
            host.group("slow" + i).stateMachine(new Slow(release)).members("n1").start();
        slow.add(node.submit(bytes("slow")));
      }
      RaftNode quick = host.group("quick").stateMachine(new Register()).members("n1").start();
      for (int i = 0; i < 10; i++) {
        quick.submitOrThrow(bytes("quick"));
      }
      assertThat(slow).noneMatch(CompletableFuture::isDone);
    } finally {
      release.countDown();
    }
    for (CompletableFuture<Outcome> end : slow) {
      end.get(20, TimeUnit.SECONDS);
    }
  }

  private static final class Slow extends Register {
    private final CountDownLatch release;

    Slow(CountDownLatch release) {
      this.release = release;
    }

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return super.apply(context, command);
    }
  }

  @Test
  void aGroupThatCannotBeOpenedLeavesItsNameFreeAndTheOthersServing() throws IOException {
    RaftHost host = host("n1");
    RaftNode one = host.group("one").stateMachine(new Register()).members("n1").start();
    IOException failure = new IOException("told to");
    disks.get("n1").failOpening(Optional.of(failure));
    assertThatThrownBy(() -> start(host, "another")).isSameAs(failure);
    disks.get("n1").failOpening(Optional.empty());
    one.submitOrThrow(bytes("served"));
    RaftNode another = host.group("another").stateMachine(new Register()).members("n1").start();
    another.submitOrThrow(bytes("served too"));
    assertThat(read(another)).isEqualTo("served too");
  }

  /** A read that fails is no error of whoever starts the node, and another one may succeed. */
  @Test
  void aGroupWhoseLogCannotBeReadSaysSoAndIsReadAtItsNextStart() throws IOException {
    RaftHost host = host("n1");
    RaftNode one = host.group("one").stateMachine(new Register()).members("n1").start();
    one.submitOrThrow(bytes("kept"));
    one.close();
    disks
        .get("n1")
        .failOpening(Optional.of(new UnreadableException("sector 7", new IOException("told to"))));
    RaftNode unread = host.group("one").stateMachine(new Register()).members("n1").start();
    assertThat(unread.status().condition())
        .isInstanceOfSatisfying(
            NodeCondition.Degraded.class,
            degraded -> {
              assertThat(degraded.fault()).isEqualTo(NodeCondition.Fault.DAMAGED);
              assertThat(degraded.message())
                  .startsWith("sector 7. ")
                  .contains("start the node again");
            });
    unread.close();
    disks.get("n1").failOpening(Optional.empty());
    RaftNode read = host.group("one").stateMachine(new Register()).members("n1").start();
    assertThat(read(read)).isEqualTo("kept");
  }

  /** After that nothing can be made durable any more, of whichever group. */
  @Test
  void aDiskThatFailsWhileALogIsOpenedIsTheEndOfAllGroups() throws IOException {
    RaftHost host = host("n1");
    RaftNode open = host.group("open").stateMachine(new Register()).members("n1").start();
    open.submitOrThrow(bytes("kept"));
    int forces = disks.get("n1").forces();
    disks
        .get("n1")
        .failOpening(
            Optional.of(new StorageFailedException("sector 7", new IOException("told to"))));
    RaftNode failed = host.group("failed").stateMachine(new Register()).members("n1").start();
    RaftNode late = host.group("late").stateMachine(new Register()).members("n1").start();
    assertThat(failed.status().condition()).isEqualTo(halted("opening the log failed: sector 7"));
    assertThat(late.status().condition()).isEqualTo(halted("opening the log failed: sector 7"));
    until(
        "what is open to end",
        () ->
            open.status()
                .condition()
                .equals(halted("the disk failed while a log was opened: sector 7")));
    for (RaftNode node : List.of(open, failed, late)) {
      assertThat(node.submit(bytes("refused")).join())
          .isInstanceOfSatisfying(
              Outcome.Rejected.class,
              end -> assertThat(end.reason()).isEqualTo(RejectReason.DEGRADED));
      assertThat(node.health().isLive()).isFalse();
    }
    assertThat(disks.get("n1").forces()).as("nothing is forced any more").isEqualTo(forces);
    host.close();

    disks.get("n1").failOpening(Optional.empty());
    RaftNode again = host("n1").group("open").stateMachine(new Register()).members("n1").start();
    assertThat(read(again)).isEqualTo("kept");
  }

  private static NodeCondition halted(String message) {
    return new NodeCondition.Degraded(NodeCondition.Fault.HALTED, message);
  }

  @Test
  void closingTheHostHandsOverWhatItLeads() throws IOException {
    for (String id : List.of("n1", "n2", "n3")) {
      RaftHost host = host(id);
      for (int i = 0; i < 5; i++) {
        start(host, "g" + i);
      }
    }
    for (int i = 0; i < 5; i++) {
      RaftNode node = hosts.get(0).groups().get("g" + i);
      until("a leader", () -> node.status().leader().isPresent());
    }
    hosts.get(0).close();
    assertThat(hosts.get(0).groups()).isEmpty();
    for (int i = 0; i < 5; i++) {
      RaftNode node = hosts.get(1).groups().get("g" + i);
      until(
          "a leader among the rest",
          () ->
              node.status().leader().filter(leader -> !leader.equals(NodeId.of("n1"))).isPresent());
      node.submitOrThrow(bytes("goes on"));
    }
  }

  @Test
  void aClosedHostSaysSo() throws IOException {
    RaftHost host = host("n1");
    RaftNode node = host.group("g").stateMachine(new Register()).members("n1").start();
    until("leading", () -> node.status().role() == Role.LEADER);
    host.close();
    host.close();
    node.close();
    assertThat(node.status().condition()).isEqualTo(new NodeCondition.Closed());
    assertThatThrownBy(() -> start(host, "late"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("group 'late' cannot start: host n1 is closed");
  }

  /** From a callback of one group, another group and the host can be closed. */
  @Test
  void closingFromACallbackDoesNotWaitForItself() throws Exception {
    RaftHost host = host("n1");
    RaftNode one = host.group("one").stateMachine(new Register()).members("n1").start();
    RaftNode another = host.group("another").stateMachine(new Register()).members("n1").start();
    one.submit(bytes("x"))
        .thenAccept(
            end -> {
              another.close();
              host.close();
            })
        .get(20, TimeUnit.SECONDS);
    host.closeAsync().get(20, TimeUnit.SECONDS);
    another.closeAsync().get(20, TimeUnit.SECONDS);
  }

  @Test
  void whatIsWrongWithAGroupIsSaid() throws IOException {
    RaftHost host = host("n1");
    assertThatThrownBy(() -> host.group("a/b"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'a/b'");
    assertThatThrownBy(() -> host.group("g").start())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("group 'g' cannot start without stateMachine(machine)");
    assertThatThrownBy(() -> host.group("g").members())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("group 'g' cannot begin without members");
    assertThatThrownBy(() -> host.group("g").members("n1", "n9"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("member n9 of group 'g' is not in the host's list of nodes: [n1, n2, n3, n4]");
    assertThatThrownBy(() -> host.group("g").members("n1", "n1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("named twice");
    assertThatThrownBy(() -> host.group("g").setting("raft.transport.tcp.connect-timeout", "1s"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("not of one group");
    assertThatThrownBy(
            () ->
                Raft.host("n1")
                    .cluster("test", HOSTS)
                    .dataDirectory(Path.of("nowhere"))
                    .setting("raft.group", "g")
                    .transport(network)
                    .storage(new MemoryDisk())
                    .start())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "'raft.group' is of no use for a host: its groups are named as they are started");
  }
}
