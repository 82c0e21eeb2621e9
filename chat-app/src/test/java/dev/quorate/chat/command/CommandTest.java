package dev.quorate.chat.command;

import static dev.quorate.chat.command.PasswordHash.PBKDF2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.chat.json.UnreadableJsonException;
import dev.quorate.chat.json.UnreadableJsonException.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {

  private static final String SALT = Base64.getEncoder().encodeToString(new byte[16]);
  private static final String HASH = Base64.getEncoder().encodeToString(new byte[32]);
  private static final PasswordHash PASSWORD = new PasswordHash(PBKDF2, 600_000, SALT, HASH);
  private static final SessionKey SESSION = new SessionKey("0f".repeat(32));

  @Test
  void everyKindIsReadAsItWasWritten() {
    List<Command> commands =
        List.of(
            new AddClient(SESSION, Long.MAX_VALUE),
            new CreateAccount("alice \"ä😀", PASSWORD),
            new OpenSession("alice", 7, SESSION),
            new SendMessage(SESSION, "bob", "a\n\u0000\tb"),
            new ReadUnread(SESSION, 1000),
            new SettleLeadership());

    assertThat(commands)
        .hasSize(Command.class.getPermittedSubclasses().length)
        .allSatisfy(
            command ->
                assertThat(Command.CODEC.read(ByteBuffer.wrap(Command.CODEC.write(command))))
                    .isEqualTo(command));
  }

  @Test
  void theEnvelopeHasKindAndVersion() {
    assertThat(new String(Command.CODEC.write(new SettleLeadership()), StandardCharsets.UTF_8))
        .isEqualTo("{\"kind\":\"settle-leadership\",\"version\":2}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'kind':'drop-everything','version':2}          | UNKNOWN_KIND",
        "{'kind':'settle-leadership','version':1}        | UNKNOWN_VERSION",
        "{'kind':'settle-leadership','version':2.5}      | UNKNOWN_VERSION",
        "{'kind':'settle-leadership','version':'2'}      | MALFORMED",
        "{'kind':'settle-leadership'}                    | MALFORMED",
        "{'version':2}                                   | MALFORMED",
        "{'kind':7,'version':2}                          | MALFORMED",
        "{'kind':'settle-leadership','version':2,'x':1}  | MALFORMED",
        "not json                                        | MALFORMED",
        "{'kind':'read-unread','version':2,'size':0,'session':{'hash':'x'}} | INVALID"
      })
  void saysWhatIsWrongWithACommand(String json, Problem problem) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> Command.CODEC.read(ByteBuffer.wrap(bytes)))
        .isInstanceOfSatisfying(
            UnreadableJsonException.class, e -> assertThat(e.problem()).isEqualTo(problem));
  }

  @Test
  void refusesBytesThatAreNoText() {
    assertThatThrownBy(() -> Command.CODEC.read(ByteBuffer.wrap(new byte[] {'{', (byte) 0xff})))
        .hasMessage("no UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000", "a\nb", "\u007f", "\u0085", "\ud800"})
  void refusesNamesAgainstTheRules(String name) {
    assertThatThrownBy(() -> new CreateAccount(name, PASSWORD))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsCharactersOfNamesAndNotCodeUnits() {
    assertThat(new CreateAccount("😀".repeat(64), PASSWORD).name()).hasSize(128);
    assertThatThrownBy(() -> new CreateAccount("a".repeat(65), PASSWORD))
        .hasMessage("a user name has 1 to 64 characters, not 65");
  }

  @Test
  void trimsContentAndCountsItsBytes() {
    assertThat(send(" \n hi there\t ").content()).isEqualTo("hi there");
    assertThat(send("ä".repeat(32 * 1024)).content()).hasSize(32 * 1024);
    assertThatThrownBy(() -> send("a".repeat(64 * 1024 + 1)))
        .hasMessageContaining("1 to 65536 bytes after trimming, not 65537");
    assertThatThrownBy(() -> send("ä".repeat(32 * 1024) + "a")).hasMessageContaining("not 65537");
    assertThatThrownBy(() -> send(" \u2003\n")).hasMessageContaining("not 0");
    assertThatThrownBy(() -> send("half \udc00")).hasMessageContaining("well-formed");
  }

  @Test
  void refusesUntrimmedContentInTheLog() {
    assertThatThrownBy(() -> new SendMessage(2, SESSION, "bob", " hi"))
        .hasMessage("the content is not trimmed");
  }

  @Test
  void refusesNumbersOutOfBounds() {
    assertThatThrownBy(() -> new AddClient(SESSION, 0)).hasMessageContaining("client 0");
    assertThatThrownBy(() -> new OpenSession("alice", 0, SESSION))
        .hasMessageContaining("credentials 0");
    assertThatThrownBy(() -> new ReadUnread(SESSION, 0)).hasMessageContaining("page size 0");
    assertThatThrownBy(() -> new ReadUnread(SESSION, 1001)).hasMessageContaining("page size 1001");
  }

  @Test
  void refusesPasswordsThatCouldNotBeChecked() {
    assertThatThrownBy(() -> new PasswordHash("MD5", 1, SALT, HASH))
        .hasMessageContaining("algorithm");
    assertThatThrownBy(() -> new PasswordHash(PBKDF2, 0, SALT, HASH))
        .hasMessageContaining("iterations");
    assertThatThrownBy(() -> new PasswordHash(PBKDF2, 1, HASH, HASH))
        .hasMessageContaining("salt has not 16 bytes");
    assertThatThrownBy(() -> new PasswordHash(PBKDF2, 1, SALT, "secret!"))
        .hasMessageContaining("hash is no Base64")
        .message()
        .doesNotContain("secret!");
  }

  @Test
  void nothingSecretIsPrinted() {
    assertThat(new CreateAccount("alice", PASSWORD) + " " + new OpenSession("alice", 7, SESSION))
        .doesNotContain(SALT)
        .doesNotContain(HASH)
        .doesNotContain(SESSION.hash())
        .contains("600000 iterations")
        .contains("SessionKey[hidden]");
  }

  private static SendMessage send(String content) {
    return new SendMessage(SESSION, "bob", content);
  }
}
