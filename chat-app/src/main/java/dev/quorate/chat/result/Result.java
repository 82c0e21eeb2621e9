package dev.quorate.chat.result;

import dev.quorate.chat.json.KindCodec;
import jakarta.json.bind.annotation.JsonbSubtype;
import jakarta.json.bind.annotation.JsonbTypeInfo;

/** What a command or a query answers. Every kind but {@link Refused} means that it was done. */
@JsonbTypeInfo(
    key = "kind",
    value = {
      @JsonbSubtype(alias = "account-created", type = AccountCreated.class),
      @JsonbSubtype(alias = "account-page", type = AccountPage.class),
      @JsonbSubtype(alias = "client-added", type = ClientAdded.class),
      @JsonbSubtype(alias = "clients-found", type = ClientsFound.class),
      @JsonbSubtype(alias = "conversation-page", type = ConversationPage.class),
      @JsonbSubtype(alias = "existence", type = Existence.class),
      @JsonbSubtype(alias = "leadership", type = Leadership.class),
      @JsonbSubtype(alias = "message-sent", type = MessageSent.class),
      @JsonbSubtype(alias = "password-found", type = PasswordFound.class),
      @JsonbSubtype(alias = "refused", type = Refused.class),
      @JsonbSubtype(alias = "session-opened", type = SessionOpened.class),
      @JsonbSubtype(alias = "unread-page", type = UnreadPage.class)
    })
public sealed interface Result
    permits AccountCreated,
        AccountPage,
        ClientAdded,
        ClientsFound,
        ConversationPage,
        Existence,
        Leadership,
        MessageSent,
        PasswordFound,
        Refused,
        SessionOpened,
        UnreadPage {

  /** The version of all results that there are. */
  int VERSION = 1;

  /** Reads and writes results. */
  KindCodec<Result> CODEC = new KindCodec<>(Result.class, VERSION);

  /** The version of this kind of result. */
  int version();
}
