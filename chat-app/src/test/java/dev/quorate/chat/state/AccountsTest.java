package dev.quorate.chat.state;

import static dev.quorate.chat.state.ChatWorld.PASSWORD;
import static dev.quorate.chat.state.ChatWorld.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.chat.command.AddClient;
import dev.quorate.chat.command.CreateAccount;
import dev.quorate.chat.command.OpenSession;
import dev.quorate.chat.command.ReadUnread;
import dev.quorate.chat.query.AccountExists;
import dev.quorate.chat.query.ClientsOf;
import dev.quorate.chat.query.ListAccounts;
import dev.quorate.chat.query.PasswordOf;
import dev.quorate.chat.result.AccountCreated;
import dev.quorate.chat.result.AccountPage;
import dev.quorate.chat.result.ClientAdded;
import dev.quorate.chat.result.ClientsFound;
import dev.quorate.chat.result.Existence;
import dev.quorate.chat.result.PasswordFound;
import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Refused.Reason;
import dev.quorate.chat.result.Result;
import dev.quorate.chat.result.SessionOpened;
import dev.quorate.chat.result.UnreadPage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsTest {

  @Test
  void aNameIsTakenOnceAndIsCaseSensitive() {
    ChatWorld world = new ChatWorld();

    assertThat(world.apply(new CreateAccount("alice", PASSWORD)))
        .isEqualTo(new AccountCreated(ChatWorld.FIRST_MILLIS + 1));
    assertThat(reason(world.apply(new CreateAccount("alice", PASSWORD))))
        .isEqualTo(Reason.NAME_TAKEN);
    assertThat(world.apply(new CreateAccount("Alice", PASSWORD)))
        .isInstanceOf(AccountCreated.class);
  }

  @Test
  void tellsWhoExists() {
    ChatWorld world = ChatWorld.with("alice");

    assertThat(world.ask(new AccountExists("alice"))).isEqualTo(new Existence(true));
    assertThat(world.ask(new AccountExists("bob"))).isEqualTo(new Existence(false));
    assertThat(world.ask(new PasswordOf("alice"))).isEqualTo(new PasswordFound(PASSWORD, 1));
    assertThat(reason(world.ask(new PasswordOf("bob")))).isEqualTo(Reason.NO_SUCH_ACCOUNT);
  }

  @Test
  void aSessionIsOpenedWithTheUnreadCount() {
    ChatWorld world = ChatWorld.with("alice", "bob");
    world.send("alice", "bob", "one");
    world.send("alice", "bob", "two");

    assertThat(world.apply(world.open("bob", session("second")))).isEqualTo(new SessionOpened(2));
    assertThat(reason(world.apply(new OpenSession("carol", 1, session("third")))))
        .isEqualTo(Reason.NO_SUCH_ACCOUNT);
  }

  @Test
  void openingTheSameSessionAgainChangesNothingAndNobodyCanTakeIt() {
    ChatWorld world = ChatWorld.with("alice", "bob");

    assertThat(world.apply(world.open("alice", session("alice")))).isEqualTo(new SessionOpened(0));
    assertThat(reason(world.apply(world.open("bob", session("alice"))))).isEqualTo(Reason.INVALID);
  }

  @Test
  void aPasswordThatWasCheckedButIsNoLongerTheAccountsOpensNothing() {
    ChatWorld world = ChatWorld.with("alice", "bob");
    PasswordFound ofBob = (PasswordFound) world.ask(new PasswordOf("bob"));

    assertThat(reason(world.apply(new OpenSession("alice", ofBob.credentials(), session("wrong")))))
        .isEqualTo(Reason.CREDENTIALS_CHANGED);
    assertThat(reason(world.apply(new ReadUnread(session("wrong"), 1))))
        .isEqualTo(Reason.NOT_LOGGED_IN);
    assertThat(world.apply(new OpenSession("bob", ofBob.credentials(), session("right"))))
        .isInstanceOf(SessionOpened.class);
  }

  @Test
  void clientsAreAnAccountsAndTheOldestMakesRoom() {
    ChatWorld world = ChatWorld.with("alice", "bob");
    for (long client = 1; client <= AddClient.MAX_CLIENTS; client++) {
      assertThat(world.apply(new AddClient(session("alice"), client)))
          .isEqualTo(new ClientAdded(0));
    }

    assertThat(world.apply(new AddClient(session("alice"), 1)))
        .as("is there already")
        .isEqualTo(new ClientAdded(0));
    assertThat(world.apply(new AddClient(session("alice"), Long.MAX_VALUE)))
        .isEqualTo(new ClientAdded(1));
    assertThat(((ClientsFound) world.ask(new ClientsOf(session("alice")))).clients())
        .hasSize(AddClient.MAX_CLIENTS)
        .startsWith(2L, 3L)
        .endsWith(Long.MAX_VALUE);
    assertThat(world.ask(new ClientsOf(session("bob")))).isEqualTo(new ClientsFound(List.of()));
    assertThat(reason(world.ask(new ClientsOf(session("nobody"))))).isEqualTo(Reason.NOT_LOGGED_IN);
    assertThat(reason(world.apply(new AddClient(session("nobody"), 1))))
        .isEqualTo(Reason.NOT_LOGGED_IN);
  }

  @Test
  void theOldestSessionEndsWhenThereAreTooMany() {
    ChatWorld world = ChatWorld.with("alice");
    for (int i = 1; i < OpenSession.MAX_SESSIONS; i++) {
      world.apply(world.open("alice", session("s" + i)));
    }
    assertThat(world.apply(new ReadUnread(session("alice"), 1))).isInstanceOf(UnreadPage.class);

    world.apply(world.open("alice", session("one more")));

    assertThat(reason(world.apply(new ReadUnread(session("alice"), 1))))
        .isEqualTo(Reason.NOT_LOGGED_IN);
    assertThat(world.apply(new ReadUnread(session("s1"), 1))).isInstanceOf(UnreadPage.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*      | 1 | 10         | Bob,alice,bob,bobby,zoe | 5",
        "*      | 1 | 2          | Bob,alice               | 5",
        "*      | 3 | 2          | zoe                     | 5",
        "*      | 4 | 2          |                         | 5",
        "*      | 2147483647 | 1000 |                       | 5",
        "bob*   | 1 | 1          | bob                     | 2",
        "bob*   | 2 | 1          | bobby                   | 2",
        "[A-Z]* | 1 | 1000       | Bob                     | 1",
        "x*     | 1 | 10         |                         | 0"
      })
  void listsNamesSortedByPage(String pattern, int page, int size, String names, long total) {
    ChatWorld world = ChatWorld.with("zoe", "bobby", "alice", "Bob", "bob");

    AccountPage answer =
        (AccountPage) world.ask(new ListAccounts(session("zoe"), pattern, page, size));

    assertThat(String.join(",", answer.names())).isEqualTo(names == null ? "" : names);
    assertThat(answer.total()).isEqualTo(total);
  }

  @Test
  void refusesBadPagingAndStrangers() {
    ChatWorld world = ChatWorld.with("alice");

    assertThatThrownBy(() -> new ListAccounts(session("alice"), "*", 0, 10))
        .hasMessageContaining("page 0");
    assertThatThrownBy(() -> new ListAccounts(session("alice"), "*", 1, 0))
        .hasMessageContaining("page size 0");
    assertThatThrownBy(() -> new ListAccounts(session("alice"), "*", 1, 1001))
        .hasMessageContaining("page size 1001");
    assertThatThrownBy(() -> new ListAccounts(session("alice"), "[", 1, 1))
        .hasMessageContaining("pattern");
    assertThat(reason(world.ask(new ListAccounts(session("nobody"), "*", 1, 10))))
        .isEqualTo(Reason.NOT_LOGGED_IN);
  }

  private static Reason reason(Result result) {
    return ((Refused) result).reason();
  }
}
