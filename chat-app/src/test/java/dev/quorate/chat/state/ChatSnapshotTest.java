package dev.quorate.chat.state;

import static dev.quorate.chat.query.ReadConversation.Order.NEWEST_FIRST;
import static dev.quorate.chat.query.ReadConversation.Order.OLDEST_FIRST;
import static dev.quorate.chat.state.ChatWorld.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.quorate.chat.command.ReadUnread;
import dev.quorate.chat.query.ListAccounts;
import dev.quorate.chat.query.Query;
import dev.quorate.chat.query.ReadConversation;
import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A state that was restored cannot be told from the one that was captured. */
class ChatSnapshotTest {

  private static final String[] NAMES = {"alice", "bob", "carol"};

  private static ApplyContext context(long index) {
    return new ApplyContext(index, 1, 1_000 + index, index * 7);
  }

  private static byte[] bytes(Snapshot snapshot) {
    try (snapshot) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      snapshot.writeTo(out);
      return out.toByteArray();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static ChatState restored(byte[] snapshot) {
    try {
      ChatState state = new ChatState();
      state.restore(new ByteArrayInputStream(snapshot));
      return state;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<byte[]> answers(ChatState state) {
    Stream.Builder<Query> queries = Stream.builder();
    for (String reader : NAMES) {
      queries.add(new ListAccounts(session(reader), "*", 1, 100));
      for (String with : NAMES) {
        queries.add(new ReadConversation(session(reader), with, OLDEST_FIRST, 0, 1_000));
        queries.add(new ReadConversation(session(reader), with, NEWEST_FIRST, 0, 3));
      }
    }
    return queries.build().map(query -> state.query(ByteBuffer.wrap(Query.CODEC.write(query))));
  }

  @Test
  void aRestoredStateGoesOnAsTheOriginalDoesHoweverLateItWasWritten() {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      List<byte[]> commands = ChatWorld.randomCommands(random, 400);
      int captureAt = random.nextInt(commands.size());
      int writeAt = captureAt + random.nextInt(commands.size() - captureAt);
      ChatState original = new ChatState();
      ChatState copy = null;
      Snapshot captured = null;
      byte[][] results = new byte[commands.size()][];
      for (int i = 0; i < commands.size(); i++) {
        if (i == captureAt) {
          captured = original.capture().orElseThrow();
        }
        if (i == writeAt) {
          copy = restored(bytes(captured));
        }
        results[i] = original.apply(context(i + 1), ByteBuffer.wrap(commands.get(i)));
      }
      for (int i = captureAt; i < commands.size(); i++) {
        assertThat(copy.apply(context(i + 1), ByteBuffer.wrap(commands.get(i))))
            .as("seed %s, command %s", seed, i)
            .isEqualTo(results[i]);
      }
      assertThat(copy.digest()).isEqualTo(original.digest());
      assertThat(answers(copy).toList()).containsExactlyElementsOf(answers(original).toList());
      assertThat(bytes(copy.capture().orElseThrow()))
          .isEqualTo(bytes(original.capture().orElseThrow()));
    }
  }

  @Test
  void manyMessagesAreCapturedWhileMoreCome() {
    ChatWorld world = ChatWorld.with("alice", "bob");
    for (int i = 0; i < 2 * MessageLog.BLOCK; i++) {
      world.send("alice", "bob", "m" + i);
    }
    world.apply(new ReadUnread(session("bob"), 1_000));
    StateDigest before = world.state.digest();
    Snapshot captured = world.state.capture().orElseThrow();
    for (int i = 0; i < MessageLog.BLOCK + 1; i++) {
      world.send("bob", "alice", "later " + i);
    }
    world.apply(new ReadUnread(session("bob"), 1_000));

    ChatState copy = restored(bytes(captured));

    assertThat(copy.digest()).isEqualTo(before);
    byte[] all =
        copy.query(
            ByteBuffer.wrap(
                Query.CODEC.write(
                    new ReadConversation(session("bob"), "alice", NEWEST_FIRST, 0, 1))));
    assertThat(new String(all, StandardCharsets.UTF_8))
        .contains("m" + (2 * MessageLog.BLOCK - 1))
        .contains("\"total\":" + 2 * MessageLog.BLOCK)
        .contains("\"unread\":" + (2 * MessageLog.BLOCK - 1_000));
  }

  @Test
  void anEmptyStateIsAStateToo() {
    byte[] empty = bytes(new ChatState().capture().orElseThrow());

    assertThat(restored(empty).digest()).isEqualTo(new ChatState().digest());
  }

  @Test
  void whatIsNoStateIsRefusedAndLeavesTheOldOne() {
    ChatWorld world = ChatWorld.with("alice", "bob");
    world.send("alice", "bob", "hello");
    byte[] good = bytes(world.state.capture().orElseThrow());

    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> world.state.restore(new ByteArrayInputStream(cut)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ends too early");
    }
    for (int at = 0; at < good.length; at++) {
      byte[] flipped = good.clone();
      flipped[at] ^= (byte) 0x80;
      Throwable problem =
          catchThrowable(() -> new ChatState().restore(new ByteArrayInputStream(flipped)));
      if (problem != null) {
        assertThat(problem).isInstanceOf(IOException.class);
      }
    }
    assertThat(bytes(world.state.capture().orElseThrow())).isEqualTo(good);
  }

  @Test
  void anotherVersionIsNamed() {
    byte[] other = bytes(new ChatState().capture().orElseThrow());
    for (byte version : new byte[] {1, 3}) {
      other[7] = version;

      assertThatThrownBy(() -> new ChatState().restore(new ByteArrayInputStream(other)))
          .isInstanceOf(IOException.class)
          .hasMessage("the chat's state has version " + version + "; this program reads version 2");
    }
  }
}
