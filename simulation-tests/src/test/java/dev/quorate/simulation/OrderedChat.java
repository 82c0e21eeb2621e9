package dev.quorate.simulation;

import dev.quorate.chat.command.Command;
import dev.quorate.chat.command.CreateAccount;
import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.query.Query;
import dev.quorate.chat.query.ReadConversation;
import dev.quorate.chat.query.ReadConversation.Order;
import dev.quorate.chat.result.AccountCreated;
import dev.quorate.chat.result.ConversationPage;
import dev.quorate.chat.result.MessageSent;
import dev.quorate.chat.result.MessageView;
import dev.quorate.chat.result.Result;
import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A chat that checks what its users rely on, on every replica: a message that is sent is at once
 * the last of its conversation for its sender, in the order of the log; there is one more than
 * before, and none before it is gone or changed. That all replicas have the same is the
 * simulation's check.
 */
final class OrderedChat implements StateMachine {

  private static final int LOOKED_AT = 3;

  private final StateMachine chat;
  private final ChatWorkload users;

  /** A chat under observation, of which its users learn what they have to know. */
  OrderedChat(StateMachine chat, ChatWorkload users) {
    this.chat = chat;
    this.users = users;
  }

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    Command read = Command.CODEC.read(command.duplicate());
    if (!(read instanceof SendMessage send)) {
      return learnt(context, read, chat.apply(context, command));
    }
    Optional<ConversationPage> before = conversation(send);
    byte[] result = chat.apply(context, command.duplicate());
    if (Result.CODEC.read(ByteBuffer.wrap(result)) instanceof MessageSent message) {
      check(send, message, before.orElseThrow(), conversation(send).orElseThrow());
      users.sent();
    }
    return result;
  }

  private byte[] learnt(ApplyContext context, Command command, byte[] result) {
    if (command instanceof CreateAccount create
        && Result.CODEC.read(ByteBuffer.wrap(result)) instanceof AccountCreated) {
      users.created(create.name(), context.index());
    }
    return result;
  }

  private static void check(
      SendMessage send, MessageSent message, ConversationPage before, ConversationPage after) {
    List<MessageView> now = after.messages();
    if (now.isEmpty()
        || now.get(0).id() != message.id()
        || !now.get(0).content().equals(send.content())) {
      throw new IllegalStateException(message + " is not the last of its conversation: " + after);
    }
    List<MessageView> older = now.subList(1, now.size());
    boolean grew =
        after.total() == before.total() + 1
            && older.equals(before.messages().subList(0, older.size()))
            && older.stream().allMatch(old -> old.id() < message.id());
    if (!grew) {
      throw new IllegalStateException(before + " and " + message + " make " + after);
    }
  }

  private Optional<ConversationPage> conversation(SendMessage send) {
    Query query =
        new ReadConversation(send.session(), send.recipient(), Order.NEWEST_FIRST, 0, LOOKED_AT);
    Result answer =
        Result.CODEC.read(ByteBuffer.wrap(chat.query(ByteBuffer.wrap(Query.CODEC.write(query)))));
    return Optional.of(answer)
        .filter(ConversationPage.class::isInstance)
        .map(ConversationPage.class::cast);
  }

  @Override
  public byte[] query(ByteBuffer query) {
    return chat.query(query);
  }

  @Override
  public Optional<Snapshot> capture() {
    return chat.capture();
  }

  @Override
  public void restore(InputStream in) throws IOException {
    chat.restore(in);
  }
}
