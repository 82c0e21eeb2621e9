package dev.quorate.chat.state;

import static dev.quorate.chat.query.ReadConversation.Order.NEWEST_FIRST;
import static dev.quorate.chat.query.ReadConversation.Order.OLDEST_FIRST;
import static dev.quorate.chat.state.ChatWorld.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.command.PageRules;
import dev.quorate.chat.command.ReadUnread;
import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.query.ReadConversation;
import dev.quorate.chat.result.ConversationPage;
import dev.quorate.chat.result.MessageSent;
import dev.quorate.chat.result.MessageView;
import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Refused.Reason;
import dev.quorate.chat.result.Result;
import dev.quorate.chat.result.UnreadPage;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailTest {

  private final ChatWorld world = ChatWorld.with("alice", "bob", "carol");

  @Test
  void aMessageHasAnIdAndTheLeadersTimeAndBothCanReadIt() {
    Result result = world.apply(new SendMessage(session("alice"), "bob", " hello "));

    assertThat(result).isEqualTo(new MessageSent(1, ChatWorld.FIRST_MILLIS + world.index()));
    MessageView message =
        new MessageView(1, "alice", "bob", "hello", ChatWorld.FIRST_MILLIS + world.index(), false);
    assertThat(world.conversation("alice", "bob", OLDEST_FIRST, 0, 10).messages())
        .containsExactly(message);
    assertThat(world.conversation("bob", "alice", OLDEST_FIRST, 0, 10).messages())
        .containsExactly(message);
    assertThat(world.conversation("carol", "alice", OLDEST_FIRST, 0, 10).messages()).isEmpty();
  }

  @Test
  void onlyALoggedInUserSendsAndOnlyToExistingUsers() {
    assertThat(reason(world.apply(new SendMessage(session("x"), "bob", "hi"))))
        .isEqualTo(Reason.NOT_LOGGED_IN);
    assertThat(reason(world.apply(new SendMessage(session("alice"), "dave", "hi"))))
        .isEqualTo(Reason.NO_SUCH_ACCOUNT);
    assertThat(reason(world.apply(new ReadUnread(session("x"), 1))))
        .isEqualTo(Reason.NOT_LOGGED_IN);
    assertThat(reason(world.ask(new ReadConversation(session("x"), "bob", OLDEST_FIRST, 0, 1))))
        .isEqualTo(Reason.NOT_LOGGED_IN);
    assertThat(reason(world.ask(new ReadConversation(session("bob"), "dave", OLDEST_FIRST, 0, 1))))
        .isEqualTo(Reason.NO_SUCH_ACCOUNT);
  }

  @Test
  void unreadMessagesAreReadOnceOldestFirst() {
    world.send("alice", "bob", "1");
    world.send("carol", "bob", "2");
    world.send("alice", "bob", "3");

    UnreadPage first = unread("bob", 2);
    assertThat(first.messages()).extracting(MessageView::content).containsExactly("1", "2");
    assertThat(first.messages()).allMatch(MessageView::read);
    assertThat(first.remaining()).isEqualTo(1);
    UnreadPage second = unread("bob", 2);
    assertThat(second.messages()).extracting(MessageView::content).containsExactly("3");
    assertThat(second.remaining()).isZero();
    assertThat(unread("bob", 2).messages()).isEmpty();
    assertThat(unread("alice", 2).messages()).isEmpty();
  }

  @Test
  void aConversationShowsWhatWasReadAndCountsWhatWasNot() {
    world.send("alice", "bob", "1");
    world.send("alice", "bob", "2");
    world.send("bob", "alice", "3");
    unread("bob", 1);

    ConversationPage ofBob = world.conversation("bob", "alice", OLDEST_FIRST, 0, 10);
    assertThat(ofBob.messages()).extracting(MessageView::read).containsExactly(true, false, false);
    assertThat(ofBob.unread()).isEqualTo(1);
    assertThat(ofBob.total()).isEqualTo(3);
    assertThat(world.conversation("alice", "bob", OLDEST_FIRST, 0, 10).unread()).isEqualTo(1);
    assertThat(world.conversation("alice", "bob", OLDEST_FIRST, 0, 10))
        .as("reading a conversation marks nothing")
        .isEqualTo(world.conversation("alice", "bob", OLDEST_FIRST, 0, 10));
  }

  @Test
  void oneCanWriteToOneself() {
    world.send("alice", "alice", "note");

    assertThat(world.conversation("alice", "alice", OLDEST_FIRST, 0, 10).unread()).isEqualTo(1);
    assertThat(unread("alice", 10).messages()).hasSize(1);
    assertThat(world.conversation("alice", "alice", OLDEST_FIRST, 0, 10).unread()).isZero();
    assertThat(world.conversation("alice", "alice", OLDEST_FIRST, 0, 10).total()).isEqualTo(1);
  }

  @Test
  void aConversationIsPagedInBothDirectionsByCursor() {
    for (int i = 1; i <= 5; i++) {
      world.send(i % 2 == 0 ? "bob" : "alice", i % 2 == 0 ? "alice" : "bob", "m" + i);
      world.send("alice", "carol", "between");
    }

    assertPages(OLDEST_FIRST, List.of("m1", "m2"), List.of("m3", "m4"), List.of("m5"));
    assertPages(NEWEST_FIRST, List.of("m5", "m4"), List.of("m3", "m2"), List.of("m1"));
  }

  @Test
  void aCursorNeedNotBeAMessageOfTheConversation() {
    world.send("alice", "bob", "m1");
    long other = world.send("alice", "carol", "other");
    world.send("alice", "bob", "m2");

    assertThat(contents(world.conversation("bob", "alice", OLDEST_FIRST, other, 10)))
        .containsExactly("m2");
    assertThat(contents(world.conversation("bob", "alice", NEWEST_FIRST, other, 10)))
        .containsExactly("m1");
    assertThat(contents(world.conversation("bob", "alice", OLDEST_FIRST, Long.MAX_VALUE, 10)))
        .isEmpty();
    assertThat(contents(world.conversation("bob", "alice", NEWEST_FIRST, Long.MAX_VALUE, 10)))
        .containsExactly("m2", "m1");
  }

  @Test
  void aPageThatEndsExactlyHasNoNextOne() {
    world.send("alice", "bob", "1");
    world.send("alice", "bob", "2");

    assertThat(world.conversation("bob", "alice", OLDEST_FIRST, 0, 2).nextCursor()).isZero();
    assertThat(world.conversation("bob", "alice", NEWEST_FIRST, 0, 2).nextCursor()).isZero();
  }

  @Test
  void longMessagesMakeShortPagesAndOnlyWhatIsReturnedIsRead() {
    int perPage = PageRules.MAX_CONTENT_BYTES / SendMessage.MAX_CONTENT_BYTES;
    for (int i = 0; i <= perPage; i++) {
      world.send("alice", "bob", "x".repeat(SendMessage.MAX_CONTENT_BYTES));
    }

    assertThat(world.conversation("bob", "alice", OLDEST_FIRST, 0, 1000).messages())
        .hasSize(perPage);
    UnreadPage page = unread("bob", 1000);
    assertThat(page.messages()).hasSize(perPage);
    assertThat(page.remaining()).isEqualTo(1);
    assertThat(unread("bob", 1000).messages()).hasSize(1);
  }

  private void assertPages(
      ReadConversation.Order order, List<String> first, List<String> second, List<String> third) {
    ConversationPage one = world.conversation("bob", "alice", order, 0, 2);
    ConversationPage two = world.conversation("bob", "alice", order, one.nextCursor(), 2);
    ConversationPage three = world.conversation("bob", "alice", order, two.nextCursor(), 2);
    assertThat(contents(one)).isEqualTo(first);
    assertThat(contents(two)).isEqualTo(second);
    assertThat(contents(three)).isEqualTo(third);
    assertThat(three.nextCursor()).isZero();
    assertThat(one.total()).isEqualTo(5);
  }

  private static List<String> contents(ConversationPage page) {
    return page.messages().stream().map(MessageView::content).toList();
  }

  private UnreadPage unread(String reader, int size) {
    return (UnreadPage) world.apply(new ReadUnread(session(reader), size));
  }

  private static Reason reason(Result result) {
    return ((Refused) result).reason();
  }
}
