package dev.quorate.chat.client;

import dev.quorate.chat.proto.ChatServiceGrpc;
import dev.quorate.chat.proto.ChatServiceGrpc.ChatServiceBlockingStub;
import dev.quorate.chat.proto.CheckUsernameRequest;
import dev.quorate.chat.proto.CheckUsernameResponse;
import dev.quorate.chat.proto.CreateAccountRequest;
import dev.quorate.chat.proto.CreateAccountResponse;
import dev.quorate.chat.proto.LogInRequest;
import dev.quorate.chat.proto.LogInResponse;
import dev.quorate.chat.proto.Result;
import dev.quorate.raft.api.Address;
import io.grpc.Channel;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * A blocking client of the chat. Calls go to one node after the other until one of them answers;
 * see {@link Attempts} for when a call is repeated. No method throws for want of an answer: the
 * result in every response says what became of the call. May be used by several threads.
 *
 * <p>{@link #logIn} gives a session token; {@link #session} what can be done with it.
 */
public final class ChatClient implements AutoCloseable {

  private final NodeChannels nodes;
  private final Attempts attempts;
  private final Duration timeout;
  private final Duration attemptTimeout;

  /**
   * A client; connects when it is first used.
   *
   * @param nodes where the nodes serve chat clients, at least one
   * @param timeout how long a call may take, with all its attempts
   * @param attemptTimeout how long one node may take before another is asked; calls that hash a
   *     password, which takes a node long on purpose, have all the time there is
   */
  public ChatClient(List<Address> nodes, Duration timeout, Duration attemptTimeout) {
    this.nodes = new NodeChannels(nodes);
    this.attempts = new Attempts(this.nodes);
    this.timeout = timeout;
    this.attemptTimeout = attemptTimeout;
  }

  /** Creates an account. */
  public CreateAccountResponse createAccount(String name, String password) {
    CreateAccountRequest request =
        CreateAccountRequest.newBuilder().setName(name).setPassword(password).build();
    return attempts.run(
        timeout,
        timeout,
        Repeat.HARMFUL,
        (channel, deadline) -> stub(channel, deadline).createAccount(request),
        CreateAccountResponse::getResult,
        result -> CreateAccountResponse.newBuilder().setResult(result).build());
  }

  /** Opens a session. */
  public LogInResponse logIn(String name, String password) {
    LogInRequest request = LogInRequest.newBuilder().setName(name).setPassword(password).build();
    return attempts.run(
        timeout,
        timeout,
        Repeat.HARMLESS,
        (channel, deadline) -> stub(channel, deadline).logIn(request),
        LogInResponse::getResult,
        result -> LogInResponse.newBuilder().setResult(result).build());
  }

  /** Says whether an account exists. */
  public CheckUsernameResponse checkUsername(String name) {
    CheckUsernameRequest request = CheckUsernameRequest.newBuilder().setName(name).build();
    return call(
        Repeat.READ,
        (channel, deadline) -> stub(channel, deadline).checkUsername(request),
        CheckUsernameResponse::getResult,
        result -> CheckUsernameResponse.newBuilder().setResult(result).build());
  }

  /** What a logged-in user can do. Each of these sends as a client of its own. */
  public ChatSession session(String token) {
    return new ChatSession(this, token);
  }

  <T> T call(
      Repeat repeat,
      Attempts.Call<T> call,
      Function<T, Result> resultOf,
      Function<Result, T> withResult) {
    return attempts.run(timeout, attemptTimeout, repeat, call, resultOf, withResult);
  }

  static ChatServiceBlockingStub stub(Channel channel, Deadline deadline) {
    return ChatServiceGrpc.newBlockingStub(channel).withDeadline(deadline);
  }

  @Override
  public void close() {
    nodes.close();
  }
}
