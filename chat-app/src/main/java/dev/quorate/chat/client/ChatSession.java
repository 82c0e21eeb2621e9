package dev.quorate.chat.client;

import dev.quorate.chat.proto.AddClientRequest;
import dev.quorate.chat.proto.AddClientResponse;
import dev.quorate.chat.proto.ChatServiceGrpc.ChatServiceBlockingStub;
import dev.quorate.chat.proto.ConversationOrder;
import dev.quorate.chat.proto.ListAccountsRequest;
import dev.quorate.chat.proto.ListAccountsResponse;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.ReadConversationRequest;
import dev.quorate.chat.proto.ReadConversationResponse;
import dev.quorate.chat.proto.ReadUnreadRequest;
import dev.quorate.chat.proto.ReadUnreadResponse;
import dev.quorate.chat.proto.SendMessageRequest;
import dev.quorate.chat.proto.SendMessageResponse;
import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;

/** What a logged-in user can do, on a {@link ChatClient}. May be used by several threads. */
public final class ChatSession {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final ChatClient client;
  private final Metadata headers = new Metadata();
  private final Object sending = new Object();

  /** With which to send, or 0. Guarded by {@code sending}, as is the next. */
  private long clientId;

  private long sequence;

  ChatSession(ChatClient client, String token) {
    this.client = client;
    headers.put(AUTHORIZATION, "Bearer " + token);
  }

  /** One more client id, for callers that number and repeat their messages themselves. */
  public AddClientResponse addClient() {
    return client.call(
        Repeat.HARMLESS,
        (channel, deadline) ->
            stub(channel, deadline).addClient(AddClientRequest.newBuilder().build()),
        AddClientResponse::getResult,
        result -> AddClientResponse.newBuilder().setResult(result).build());
  }

  /**
   * Sends a message that the caller has numbered. The same may be sent again, and is then the same
   * message.
   */
  public SendMessageResponse send(SendMessageRequest message) {
    return client.call(
        Repeat.HARMLESS,
        (channel, deadline) -> stub(channel, deadline).sendMessage(message),
        SendMessageResponse::getResult,
        result -> SendMessageResponse.newBuilder().setResult(result).build());
  }

  /**
   * Sends a message once, through as many attempts as it takes, after those that other threads are
   * sending.
   */
  public SendMessageResponse send(String recipient, String content) {
    synchronized (sending) {
      SendMessageResponse response = sendNext(recipient, content);
      if (response.getResult().getOutcome() == Outcome.OUTCOME_UNKNOWN_CLIENT) {
        // Silent for too long. Nothing of this message was done.
        response = sendNext(recipient, content);
      }
      return response;
    }
  }

  private SendMessageResponse sendNext(String recipient, String content) {
    if (clientId == 0) {
      AddClientResponse added = addClient();
      if (added.getResult().getOutcome() != Outcome.OUTCOME_OK) {
        return SendMessageResponse.newBuilder().setResult(added.getResult()).build();
      }
      clientId = added.getClientId();
      sequence = 1;
    }
    SendMessageResponse response =
        send(
            SendMessageRequest.newBuilder()
                .setClientId(clientId)
                .setSequence(sequence)
                .setRecipient(recipient)
                .setContent(content)
                .build());
    switch (response.getResult().getOutcome()) {
      case OUTCOME_OK, OUTCOME_NO_SUCH_ACCOUNT -> sequence++;
      case OUTCOME_INVALID, OUTCOME_UNAVAILABLE, OUTCOME_BUSY -> {
        // Certainly not done: the sequence is free.
      }
      // Whether the sequence is taken nobody can tell; this message goes on without us.
      default -> clientId = 0;
    }
    return response;
  }

  /** A page of names; {@code page} is from 1. */
  public ListAccountsResponse listAccounts(String pattern, int page, int pageSize) {
    ListAccountsRequest request =
        ListAccountsRequest.newBuilder()
            .setPattern(pattern)
            .setPage(page)
            .setPageSize(pageSize)
            .build();
    return client.call(
        Repeat.READ,
        (channel, deadline) -> stub(channel, deadline).listAccounts(request),
        ListAccountsResponse::getResult,
        result -> ListAccountsResponse.newBuilder().setResult(result).build());
  }

  /** Reads the oldest unread messages, and marks them. */
  public ReadUnreadResponse readUnread(int pageSize) {
    ReadUnreadRequest request = ReadUnreadRequest.newBuilder().setPageSize(pageSize).build();
    return client.call(
        // A page that was marked and lost would be followed by the next one as if it had been read.
        Repeat.HARMFUL,
        (channel, deadline) -> stub(channel, deadline).readUnread(request),
        ReadUnreadResponse::getResult,
        result -> ReadUnreadResponse.newBuilder().setResult(result).build());
  }

  /** A page of a conversation; {@code cursor} is 0 for the first one. */
  public ReadConversationResponse readConversation(
      String with, ConversationOrder order, long cursor, int pageSize) {
    ReadConversationRequest request =
        ReadConversationRequest.newBuilder()
            .setWith(with)
            .setOrder(order)
            .setCursor(cursor)
            .setPageSize(pageSize)
            .build();
    return client.call(
        Repeat.READ,
        (channel, deadline) -> stub(channel, deadline).readConversation(request),
        ReadConversationResponse::getResult,
        result -> ReadConversationResponse.newBuilder().setResult(result).build());
  }

  private ChatServiceBlockingStub stub(Channel channel, Deadline deadline) {
    return ChatClient.stub(channel, deadline)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
