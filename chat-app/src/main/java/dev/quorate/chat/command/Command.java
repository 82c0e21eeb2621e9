package dev.quorate.chat.command;

import dev.quorate.chat.json.KindCodec;
import jakarta.json.bind.annotation.JsonbSubtype;
import jakarta.json.bind.annotation.JsonbTypeInfo;

/** A command of the replicated log. */
@JsonbTypeInfo(
    key = "kind",
    value = {
      @JsonbSubtype(alias = "add-client", type = AddClient.class),
      @JsonbSubtype(alias = "create-account", type = CreateAccount.class),
      @JsonbSubtype(alias = "open-session", type = OpenSession.class),
      @JsonbSubtype(alias = "read-unread", type = ReadUnread.class),
      @JsonbSubtype(alias = "send-message", type = SendMessage.class),
      @JsonbSubtype(alias = "settle-leadership", type = SettleLeadership.class)
    })
public sealed interface Command
    permits AddClient, CreateAccount, OpenSession, ReadUnread, SendMessage, SettleLeadership {

  /** The version of all commands that there are. */
  int VERSION = 2;

  /** Reads and writes commands. */
  KindCodec<Command> CODEC = new KindCodec<>(Command.class, VERSION);

  /** The version of this kind of command. */
  int version();
}
