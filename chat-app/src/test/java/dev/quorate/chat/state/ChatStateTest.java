package dev.quorate.chat.state;

import static dev.quorate.chat.state.ChatWorld.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.command.Command;
import dev.quorate.chat.command.CreateAccount;
import dev.quorate.chat.command.SettleLeadership;
import dev.quorate.chat.query.LeadershipSettled;
import dev.quorate.chat.result.Leadership;
import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Refused.Reason;
import dev.quorate.raft.api.ApplyContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatStateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"kind\":\"tomorrow\",\"version\":1}          | UNKNOWN_KIND",
        "{\"kind\":\"settle-leadership\",\"version\":9} | UNKNOWN_VERSION",
        "garbage                                        | MALFORMED"
      })
  void whatItCannotReadIsAResultAndNoException(String command, Reason reason) {
    ChatWorld world = new ChatWorld();
    byte[] bytes = command.getBytes(StandardCharsets.UTF_8);

    assertThat(world.apply(bytes))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    assertThat(world.state.digest().index()).isEqualTo(1);
  }

  @Test
  void anUnreadableQueryIsRefusedToo() {
    byte[] answer = new ChatState().query(ByteBuffer.wrap(new byte[] {1, 2, 3}));

    assertThat(new String(answer, StandardCharsets.UTF_8)).contains("MALFORMED");
  }

  @Test
  void leadershipIsSettledOnceAndStaysSo() {
    ChatWorld world = new ChatWorld();

    assertThat(world.ask(new LeadershipSettled())).isEqualTo(new Leadership(false));
    assertThat(world.apply(new SettleLeadership())).isEqualTo(new Leadership(true));
    assertThat(world.apply(new SettleLeadership())).isEqualTo(new Leadership(true));
    assertThat(world.ask(new LeadershipSettled())).isEqualTo(new Leadership(true));
  }

  @Test
  void theSameCommandsGiveTheSameResultsAndDigest() {
    for (int seed = 0; seed < 20; seed++) {
      List<byte[]> commands = ChatWorld.randomCommands(new Random(seed), 300);
      ChatState one = new ChatState();
      ChatState two = new ChatState();
      long index = 0;
      for (byte[] command : commands) {
        index += 1 + index % 3;
        ApplyContext context = new ApplyContext(index, 1, 1_000 + index, index * 7);
        byte[] result = one.apply(context, ByteBuffer.wrap(command));
        assertThat(two.apply(context, ByteBuffer.wrap(command))).isEqualTo(result);
        assertThat(two.digest()).isEqualTo(one.digest());
      }
      assertThat(one.digest().index()).isEqualTo(index);
    }
  }

  @Test
  void theDigestTellsApartWhatWasAppliedInAnotherOrderOrAtAnotherTime() {
    byte[] alice = Command.CODEC.write(new CreateAccount("alice", PASSWORD));
    byte[] bob = Command.CODEC.write(new CreateAccount("bob", PASSWORD));

    assertThat(digest(1_000, alice, bob))
        .isEqualTo(digest(1_000, alice, bob))
        .isNotEqualTo(digest(1_000, bob, alice))
        .isNotEqualTo(digest(1_001, alice, bob))
        .isNotEqualTo(digest(1_000, alice));
    assertThat(digest(1_000).hash()).isEqualTo("0".repeat(64));
    assertThat(digest(1_000, alice).hash()).matches("[0-9a-f]{64}");
  }

  private static StateDigest digest(long millis, byte[]... commands) {
    ChatState state = new ChatState();
    for (int i = 0; i < commands.length; i++) {
      state.apply(new ApplyContext(i + 1, 1, millis, 0), ByteBuffer.wrap(commands[i]));
    }
    return state.digest();
  }
}
