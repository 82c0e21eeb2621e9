package dev.quorate.chat.service;

import dev.quorate.chat.command.CreateAccount;
import dev.quorate.chat.command.ReadUnread;
import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.command.TextRules;
import dev.quorate.chat.proto.AddClientRequest;
import dev.quorate.chat.proto.AddClientResponse;
import dev.quorate.chat.proto.ChatServiceGrpc;
import dev.quorate.chat.proto.CheckUsernameRequest;
import dev.quorate.chat.proto.CheckUsernameResponse;
import dev.quorate.chat.proto.ConversationOrder;
import dev.quorate.chat.proto.CreateAccountRequest;
import dev.quorate.chat.proto.CreateAccountResponse;
import dev.quorate.chat.proto.ListAccountsRequest;
import dev.quorate.chat.proto.ListAccountsResponse;
import dev.quorate.chat.proto.LogInRequest;
import dev.quorate.chat.proto.LogInResponse;
import dev.quorate.chat.proto.Message;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.ReadConversationRequest;
import dev.quorate.chat.proto.ReadConversationResponse;
import dev.quorate.chat.proto.ReadUnreadRequest;
import dev.quorate.chat.proto.ReadUnreadResponse;
import dev.quorate.chat.proto.SendMessageRequest;
import dev.quorate.chat.proto.SendMessageResponse;
import dev.quorate.chat.query.AccountExists;
import dev.quorate.chat.query.ListAccounts;
import dev.quorate.chat.query.ReadConversation;
import dev.quorate.chat.query.ReadConversation.Order;
import dev.quorate.chat.result.AccountCreated;
import dev.quorate.chat.result.AccountPage;
import dev.quorate.chat.result.ConversationPage;
import dev.quorate.chat.result.Existence;
import dev.quorate.chat.result.MessageView;
import dev.quorate.chat.result.UnreadPage;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code ChatService}: from requests to commands and queries, and from results to responses. */
final class ChatGrpcService extends ChatServiceGrpc.ChatServiceImplBase {

  private final Replication replication;
  private final PasswordHasher hasher;
  private final LogIn logIn;
  private final Senders senders;

  ChatGrpcService(Replication replication, PasswordHasher hasher, LogIn logIn) {
    this.senders = new Senders(replication);
    this.replication = replication;
    this.hasher = hasher;
    this.logIn = logIn;
  }

  @Override
  public void createAccount(
      CreateAccountRequest request, StreamObserver<CreateAccountResponse> observer) {
    Answers.answer(
        observer,
        deadline -> createAccount(request, deadline),
        failure -> CreateAccountResponse.newBuilder().setResult(failure).build());
  }

  private CompletableFuture<CreateAccountResponse> createAccount(
      CreateAccountRequest request, Deadline deadline) {
    PasswordRules.require(request.getPassword());
    Context call = Context.current();
    // Asked first, because hashing for a name that is taken would be work for nothing.
    return replication
        .read(new AccountExists(request.getName()), Existence.class, deadline)
        .thenCompose(
            existence -> {
              if (existence.exists()) {
                throw new CallFailure(Outcome.OUTCOME_NAME_TAKEN, "the name is taken");
              }
              return hasher.hash(request.getPassword(), call::isCancelled);
            })
        .thenCompose(
            hash ->
                replication.submit(
                    new CreateAccount(request.getName(), hash), AccountCreated.class, deadline))
        .thenApply(created -> CreateAccountResponse.newBuilder().setResult(Answers.OK).build());
  }

  @Override
  public void logIn(LogInRequest request, StreamObserver<LogInResponse> observer) {
    Answers.answer(
        observer,
        deadline -> logIn.start(request.getName(), request.getPassword(), deadline),
        failure -> LogInResponse.newBuilder().setResult(failure).build());
  }

  @Override
  public void checkUsername(
      CheckUsernameRequest request, StreamObserver<CheckUsernameResponse> observer) {
    Answers.answer(
        observer,
        deadline ->
            replication
                .read(new AccountExists(request.getName()), Existence.class, deadline)
                .thenApply(
                    existence ->
                        CheckUsernameResponse.newBuilder()
                            .setResult(Answers.OK)
                            .setExists(existence.exists())
                            .build()),
        failure -> CheckUsernameResponse.newBuilder().setResult(failure).build());
  }

  @Override
  public void listAccounts(
      ListAccountsRequest request, StreamObserver<ListAccountsResponse> observer) {
    Answers.answer(
        observer,
        deadline -> {
          String pattern = request.getPattern().isEmpty() ? "*" : request.getPattern();
          ListAccounts query =
              new ListAccounts(
                  SessionTokens.ofCall(), pattern, request.getPage(), request.getPageSize());
          return replication
              .read(query, AccountPage.class, deadline)
              .thenApply(
                  page ->
                      ListAccountsResponse.newBuilder()
                          .setResult(Answers.OK)
                          .addAllNames(page.names())
                          .setTotal(page.total())
                          .build());
        },
        failure -> ListAccountsResponse.newBuilder().setResult(failure).build());
  }

  @Override
  public void addClient(AddClientRequest request, StreamObserver<AddClientResponse> observer) {
    Answers.answer(
        observer,
        deadline ->
            senders
                .add(SessionTokens.ofCall(), deadline)
                .thenApply(
                    client ->
                        AddClientResponse.newBuilder()
                            .setResult(Answers.OK)
                            .setClientId(client)
                            .build()),
        failure -> AddClientResponse.newBuilder().setResult(failure).build());
  }

  @Override
  public void sendMessage(
      SendMessageRequest request, StreamObserver<SendMessageResponse> observer) {
    Answers.answer(
        observer,
        deadline -> {
          TextRules.requireRange("client id", request.getClientId(), 1, Long.MAX_VALUE);
          TextRules.requireRange("sequence", request.getSequence(), 1, Long.MAX_VALUE);
          SendMessage message =
              new SendMessage(SessionTokens.ofCall(), request.getRecipient(), request.getContent());
          return senders
              .send(request.getClientId(), request.getSequence(), message, deadline)
              .thenApply(
                  sent ->
                      SendMessageResponse.newBuilder()
                          .setResult(Answers.OK)
                          .setMessageId(sent.id())
                          .setSentAt(sent.sentAt())
                          .build());
        },
        failure -> SendMessageResponse.newBuilder().setResult(failure).build());
  }

  @Override
  public void readUnread(ReadUnreadRequest request, StreamObserver<ReadUnreadResponse> observer) {
    Answers.answer(
        observer,
        deadline ->
            replication
                .submit(
                    new ReadUnread(SessionTokens.ofCall(), request.getPageSize()),
                    UnreadPage.class,
                    deadline)
                .thenApply(
                    page ->
                        ReadUnreadResponse.newBuilder()
                            .setResult(Answers.OK)
                            .addAllMessages(messages(page.messages()))
                            .setRemaining(page.remaining())
                            .build()),
        failure -> ReadUnreadResponse.newBuilder().setResult(failure).build());
  }

  @Override
  public void readConversation(
      ReadConversationRequest request, StreamObserver<ReadConversationResponse> observer) {
    Answers.answer(
        observer,
        deadline -> {
          ReadConversation query =
              new ReadConversation(
                  SessionTokens.ofCall(),
                  request.getWith(),
                  order(request.getOrder()),
                  request.getCursor(),
                  request.getPageSize());
          return replication
              .read(query, ConversationPage.class, deadline)
              .thenApply(
                  page ->
                      ReadConversationResponse.newBuilder()
                          .setResult(Answers.OK)
                          .addAllMessages(messages(page.messages()))
                          .setNextCursor(page.nextCursor())
                          .setTotal(page.total())
                          .setUnread(page.unread())
                          .build());
        },
        failure -> ReadConversationResponse.newBuilder().setResult(failure).build());
  }

  private static Order order(ConversationOrder order) {
    return switch (order) {
      case CONVERSATION_ORDER_UNSPECIFIED, CONVERSATION_ORDER_OLDEST_FIRST -> Order.OLDEST_FIRST;
      case CONVERSATION_ORDER_NEWEST_FIRST -> Order.NEWEST_FIRST;
      case UNRECOGNIZED ->
          throw new IllegalArgumentException("the order is none of the known ones");
    };
  }

  private static List<Message> messages(List<MessageView> views) {
    return views.stream()
        .map(
            view ->
                Message.newBuilder()
                    .setId(view.id())
                    .setSender(view.sender())
                    .setRecipient(view.recipient())
                    .setContent(view.content())
                    .setSentAt(view.sentAt())
                    .setRead(view.read())
                    .build())
        .toList();
  }
}
