package dev.quorate.chat.state;

import dev.quorate.chat.command.AddClient;
import dev.quorate.chat.command.Command;
import dev.quorate.chat.command.CreateAccount;
import dev.quorate.chat.command.OpenSession;
import dev.quorate.chat.command.PasswordHash;
import dev.quorate.chat.command.ReadUnread;
import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.command.SessionKey;
import dev.quorate.chat.command.SettleLeadership;
import dev.quorate.chat.query.Query;
import dev.quorate.chat.query.ReadConversation;
import dev.quorate.chat.result.ConversationPage;
import dev.quorate.chat.result.MessageSent;
import dev.quorate.chat.result.Result;
import dev.quorate.raft.api.ApplyContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A state machine with what a log would give it: indexes and times that rise. */
final class ChatWorld {

  static final long FIRST_MILLIS = 1_700_000_000_000L;

  static final PasswordHash PASSWORD =
      new PasswordHash(
          PasswordHash.PBKDF2,
          600_000,
          Base64.getEncoder().encodeToString(new byte[16]),
          Base64.getEncoder().encodeToString(new byte[32]));

  final ChatState state = new ChatState();
  private final Map<String, Long> credentials = new HashMap<>();
  private long index;

  /** A world with these users, each logged in with the session {@link #session} of its name. */
  static ChatWorld with(String... names) {
    ChatWorld world = new ChatWorld();
    for (String name : names) {
      world.apply(new CreateAccount(name, PASSWORD));
      world.credentials.put(name, world.index);
      world.apply(world.open(name, session(name)));
    }
    return world;
  }

  static SessionKey session(String seed) {
    return new SessionKey(String.format("%064x", Math.abs((long) seed.hashCode())));
  }

  Result apply(Command command) {
    return apply(Command.CODEC.write(command));
  }

  Result apply(byte[] command) {
    index++;
    ApplyContext context = new ApplyContext(index, 1, FIRST_MILLIS + index, index);
    byte[] result = state.apply(context, ByteBuffer.wrap(command).asReadOnlyBuffer());
    return Result.CODEC.read(ByteBuffer.wrap(result));
  }

  Result ask(Query query) {
    byte[] answer = state.query(ByteBuffer.wrap(Query.CODEC.write(query)).asReadOnlyBuffer());
    return Result.CODEC.read(ByteBuffer.wrap(answer));
  }

  /** Opens a session of a user of {@link #with} whose password was checked. */
  OpenSession open(String name, SessionKey session) {
    return new OpenSession(name, credentials.get(name), session);
  }

  long index() {
    return index;
  }

  /** Sends; returns the message's id. */
  long send(String from, String to, String content) {
    Result result = apply(new SendMessage(session(from), to, content));
    return ((MessageSent) result).id();
  }

  ConversationPage conversation(
      String reader, String with, ReadConversation.Order order, long cursor, int size) {
    return (ConversationPage) ask(new ReadConversation(session(reader), with, order, cursor, size));
  }

  /** Commands that mostly make sense, and some that do not. */
  static List<byte[]> randomCommands(Random random, int count) {
    String[] names = {"alice", "bob", "carol", "nobody"};
    List<byte[]> commands = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = names[random.nextInt(names.length)];
      Command command =
          switch (random.nextInt(10)) {
            case 0 -> new CreateAccount(names[random.nextInt(3)], PASSWORD);
            case 1 ->
                new OpenSession(names[random.nextInt(3)], 1 + random.nextInt(20), session(name));
            case 2, 3 -> new ReadUnread(session(name), 1 + random.nextInt(4));
            case 4 ->
                random.nextBoolean()
                    ? new SettleLeadership()
                    : new AddClient(session(name), 1 + random.nextInt(100));
            default ->
                new SendMessage(
                    session(name),
                    names[random.nextInt(names.length)],
                    "text " + random.nextInt(3));
          };
      commands.add(random.nextInt(50) == 0 ? new byte[] {(byte) i} : Command.CODEC.write(command));
    }
    return commands;
  }
}
