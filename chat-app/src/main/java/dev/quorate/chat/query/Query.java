package dev.quorate.chat.query;

import dev.quorate.chat.json.KindCodec;
import jakarta.json.bind.annotation.JsonbSubtype;
import jakarta.json.bind.annotation.JsonbTypeInfo;

/** A question to the state. It is asked and answered on one node, and never kept. */
@JsonbTypeInfo(
    key = "kind",
    value = {
      @JsonbSubtype(alias = "account-exists", type = AccountExists.class),
      @JsonbSubtype(alias = "clients-of", type = ClientsOf.class),
      @JsonbSubtype(alias = "leadership-settled", type = LeadershipSettled.class),
      @JsonbSubtype(alias = "list-accounts", type = ListAccounts.class),
      @JsonbSubtype(alias = "password-of", type = PasswordOf.class),
      @JsonbSubtype(alias = "read-conversation", type = ReadConversation.class)
    })
public sealed interface Query
    permits AccountExists,
        ClientsOf,
        LeadershipSettled,
        ListAccounts,
        PasswordOf,
        ReadConversation {

  /** The version of all queries that there are. */
  int VERSION = 1;

  /** Reads and writes queries. */
  KindCodec<Query> CODEC = new KindCodec<>(Query.class, VERSION);

  /** The version of this kind of query. */
  int version();
}
