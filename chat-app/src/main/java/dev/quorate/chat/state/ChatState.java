package dev.quorate.chat.state;

import dev.quorate.chat.command.AddClient;
import dev.quorate.chat.command.Command;
import dev.quorate.chat.command.CreateAccount;
import dev.quorate.chat.command.OpenSession;
import dev.quorate.chat.command.ReadUnread;
import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.command.SessionKey;
import dev.quorate.chat.command.SettleLeadership;
import dev.quorate.chat.json.UnreadableJsonException;
import dev.quorate.chat.query.AccountExists;
import dev.quorate.chat.query.ClientsOf;
import dev.quorate.chat.query.LeadershipSettled;
import dev.quorate.chat.query.ListAccounts;
import dev.quorate.chat.query.PasswordOf;
import dev.quorate.chat.query.Query;
import dev.quorate.chat.query.ReadConversation;
import dev.quorate.chat.result.ClientsFound;
import dev.quorate.chat.result.Existence;
import dev.quorate.chat.result.Leadership;
import dev.quorate.chat.result.PasswordFound;
import dev.quorate.chat.result.Result;
import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;

/**
 * The chat's replicated state machine. What it cannot read, a kind of a later version for one, is
 * refused as a result; it throws nothing.
 */
public final class ChatState implements StateMachine {

  private final DigestChain chain = new DigestChain();
  private Accounts accounts = new Accounts();
  private Mail mail = new Mail();
  private boolean leadershipSettled;

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    Result result;
    try {
      result = apply(context, Command.CODEC.read(command.duplicate()));
    } catch (UnreadableJsonException e) {
      result = Refusals.unreadable(e);
    }
    byte[] bytes = Result.CODEC.write(result);
    chain.add(context, command.duplicate(), result, bytes);
    return bytes;
  }

  @Override
  public byte[] query(ByteBuffer query) {
    Result result;
    try {
      result = answer(Query.CODEC.read(query.duplicate()));
    } catch (UnreadableJsonException e) {
      result = Refusals.unreadable(e);
    }
    return Result.CODEC.write(result);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Costs a small object for each account and a reference for each thousand messages; messages
   * and lists of sessions are values that never change.
   */
  @Override
  public Optional<Snapshot> capture() {
    return Optional.of(
        new StateImage(
            chain.latest(), leadershipSettled, StateImage.copyOf(accounts), mail.messages()));
  }

  @Override
  public void restore(InputStream in) throws IOException {
    StateReader.Restored restored = StateReader.read(in);
    accounts = restored.accounts();
    mail = restored.mail();
    leadershipSettled = restored.leadershipSettled();
    chain.restore(restored.digest());
  }

  /** The state's digest. May be called by any thread. */
  public StateDigest digest() {
    return chain.latest();
  }

  private Result apply(ApplyContext context, Command command) {
    if (command instanceof SendMessage send) {
      return loggedIn(
          send.session(),
          sender -> mail.send(context, sender, accounts.named(send.recipient()), send));
    }
    if (command instanceof ReadUnread read) {
      return loggedIn(read.session(), reader -> mail.readUnread(reader, read.size()));
    }
    if (command instanceof AddClient add) {
      return loggedIn(add.session(), user -> accounts.addClient(user, add));
    }
    if (command instanceof OpenSession open) {
      return accounts.openSession(open);
    }
    if (command instanceof CreateAccount create) {
      return accounts.create(create, context);
    }
    if (command instanceof SettleLeadership) {
      leadershipSettled = true;
      return new Leadership(true);
    }
    throw new IllegalStateException("a kind of command without a rule: " + command.getClass());
  }

  private Result answer(Query query) {
    if (query instanceof ReadConversation read) {
      return loggedIn(
          read.session(),
          reader ->
              accounts.named(read.with()).isPresent()
                  ? mail.readConversation(reader, read)
                  : Refusals.noSuchAccount());
    }
    if (query instanceof ListAccounts list) {
      return loggedIn(list.session(), asker -> accounts.list(list));
    }
    if (query instanceof ClientsOf clients) {
      return loggedIn(clients.session(), asker -> new ClientsFound(asker.clients()));
    }
    if (query instanceof AccountExists exists) {
      return new Existence(accounts.named(exists.name()).isPresent());
    }
    if (query instanceof PasswordOf password) {
      return accounts
          .named(password.name())
          .<Result>map(account -> new PasswordFound(account.password(), account.credentials()))
          .orElseGet(Refusals::noSuchAccount);
    }
    if (query instanceof LeadershipSettled) {
      return new Leadership(leadershipSettled);
    }
    throw new IllegalStateException("a kind of query without a rule: " + query.getClass());
  }

  private Result loggedIn(SessionKey session, Function<Account, Result> operation) {
    return accounts.owning(session).map(operation).orElseGet(Refusals::notLoggedIn);
  }
}
