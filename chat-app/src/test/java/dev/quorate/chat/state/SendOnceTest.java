package dev.quorate.chat.state;

import static dev.quorate.chat.command.SendMessage.CLIENT_IDLE_MILLIS;
import static dev.quorate.chat.command.SendMessage.MAX_CLIENTS;
import static dev.quorate.chat.command.SendMessage.REMEMBERED_SENDS;
import static dev.quorate.chat.query.ReadConversation.Order.OLDEST_FIRST;
import static dev.quorate.chat.state.ChatWorld.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.command.ReadUnread;
import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.result.MessageSent;
import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Refused.Reason;
import dev.quorate.chat.result.Result;
import org.junit.jupiter.api.Test;

/** A retry is the same message, and what cannot be known any more is refused. */
class SendOnceTest {

  private final ChatWorld world = ChatWorld.with("alice", "bob");

  @Test
  void aRetryGetsTheFirstAnswerAndSendsNothing() {
    MessageSent first = (MessageSent) send("c", 1, "hi");

    assertThat(send("c", 1, "hi")).isEqualTo(new MessageSent(first.id(), first.sentAt(), true));
    world.apply(new ReadUnread(session("bob"), 10));
    assertThat(send("c", 1, "  hi ")).isEqualTo(new MessageSent(first.id(), first.sentAt(), true));
    assertThat(total()).isEqualTo(1);
  }

  @Test
  void anotherMessageWithTheSameSequenceIsRefused() {
    send("c", 1, "hi");

    assertThat(reason(send("c", 1, "ho"))).isEqualTo(Reason.SEQUENCE_REUSED);
    assertThat(reason(world.apply(new SendMessage(session("alice"), "c", 1, "alice", "hi"))))
        .isEqualTo(Reason.SEQUENCE_REUSED);
    assertThat(total()).isEqualTo(1);
  }

  @Test
  void clientsAndAccountsCountForThemselves() {
    send("c", 1, "hi");

    assertThat(send("d", 1, "hi")).isInstanceOf(MessageSent.class);
    assertThat(world.apply(new SendMessage(session("bob"), "c", 1, "alice", "hi")))
        .isInstanceOf(MessageSent.class);
    assertThat(total()).isEqualTo(3);
  }

  @Test
  void sequencesMayComeOutOfOrderWithinTheWindow() {
    send("c", REMEMBERED_SENDS, "last");

    assertThat(((MessageSent) send("c", 1, "first")).repeated()).isFalse();
    assertThat(((MessageSent) send("c", 1, "first")).repeated()).isTrue();
  }

  @Test
  void belowTheWindowNobodyCanTell() {
    send("c", 1, "first");
    send("c", REMEMBERED_SENDS + 1, "far ahead");

    assertThat(reason(send("c", 1, "first"))).isEqualTo(Reason.SEQUENCE_TOO_OLD);
    assertThat(((MessageSent) send("c", 2, "second")).repeated()).isFalse();
    assertThat(total()).isEqualTo(3);
  }

  @Test
  void theHighestSequenceIsSafe() {
    send("c", Long.MAX_VALUE, "last");

    assertThat(((MessageSent) send("c", Long.MAX_VALUE, "last")).repeated()).isTrue();
    assertThat(reason(send("c", 1, "first"))).isEqualTo(Reason.SEQUENCE_TOO_OLD);
  }

  @Test
  void aRefusedSendUsesNoSequence() {
    assertThat(reason(world.apply(new SendMessage(session("alice"), "c", 1, "dave", "hi"))))
        .isEqualTo(Reason.NO_SUCH_ACCOUNT);

    assertThat(((MessageSent) send("c", 1, "hi")).repeated()).isFalse();
  }

  @Test
  void aNewClientWaitsUntilAnOldOneWasSilentLongEnough() {
    for (int i = 0; i < MAX_CLIENTS; i++) {
      send("c" + i, 1, "hi");
    }
    assertThat(reason(send("new", 1, "hi"))).isEqualTo(Reason.TOO_MANY_CLIENTS);
    assertThat(((MessageSent) send("c0", 1, "hi")).repeated()).isTrue();

    world.passTime(CLIENT_IDLE_MILLIS - 1);
    assertThat(reason(send("new", 1, "hi"))).isEqualTo(Reason.TOO_MANY_CLIENTS);
    send("c0", 2, "still here");
    world.passTime(1);

    assertThat(send("new", 1, "hi")).isInstanceOf(MessageSent.class);
    assertThat(((MessageSent) send("c0", 1, "hi")).repeated()).as("was not silent").isTrue();
    assertThat(((MessageSent) send("c2", 1, "hi")).repeated()).as("not the longest").isTrue();
    assertThat(((MessageSent) send("c1", 1, "hi")).repeated()).as("made room").isFalse();
  }

  private Result send(String client, long sequence, String content) {
    return world.apply(new SendMessage(session("alice"), client, sequence, "bob", content));
  }

  private long total() {
    return world.conversation("alice", "bob", OLDEST_FIRST, 0, 1).total();
  }

  private static Reason reason(Result result) {
    return ((Refused) result).reason();
  }
}
