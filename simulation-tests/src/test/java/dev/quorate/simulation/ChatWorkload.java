package dev.quorate.simulation;

import dev.quorate.chat.command.Command;
import dev.quorate.chat.command.CreateAccount;
import dev.quorate.chat.command.OpenSession;
import dev.quorate.chat.command.PasswordHash;
import dev.quorate.chat.command.ReadUnread;
import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.command.SessionKey;
import dev.quorate.chat.query.ListAccounts;
import dev.quorate.chat.query.Query;
import dev.quorate.chat.query.ReadConversation;
import dev.quorate.chat.query.ReadConversation.Order;
import dev.quorate.raft.testkit.simulation.Workload;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Few users, who sign up, log in from two devices each, write to each other and read. A password is
 * hashed before it is submitted, so that one hash does for all.
 */
final class ChatWorkload implements Workload {

  private static final String[] NAMES = {"alice", "bob", "carol"};
  private static final int DEVICES = 2;

  private static final PasswordHash PASSWORD =
      new PasswordHash(
          PasswordHash.PBKDF2,
          600_000,
          Base64.getEncoder().encodeToString(new byte[PasswordHash.SALT_BYTES]),
          Base64.getEncoder().encodeToString(new byte[PasswordHash.HASH_BYTES]));

  /** Which command made an account: who checks a password is told. */
  private final Map<String, Long> credentials = new HashMap<>();

  private int sent;

  /** An account was made, as some replica sees first. */
  void created(String name, long index) {
    credentials.put(name, index);
  }

  /** A message was sent, as some replica sees. */
  void sent() {
    sent++;
  }

  /** How often a replica saw that a message was sent. */
  int seen() {
    return sent;
  }

  @Override
  public byte[] command(RandomGenerator random) {
    int user = random.nextInt(NAMES.length);
    return Command.CODEC.write(
        switch (random.nextInt(12)) {
          case 0 -> new CreateAccount(NAMES[user], PASSWORD);
          case 1, 2, 3 ->
              new OpenSession(
                  NAMES[user], credentials.getOrDefault(NAMES[user], 1L), session(user, random));
          case 4, 5 -> new ReadUnread(session(user, random), 1 + random.nextInt(4));
          default ->
              new SendMessage(session(user, random), name(random), "text " + random.nextInt(1_000));
        });
  }

  @Override
  public byte[] query(RandomGenerator random) {
    SessionKey session = session(random.nextInt(NAMES.length), random);
    return Query.CODEC.write(
        random.nextInt(5) == 0
            ? new ListAccounts(session, "*", 1, 10)
            : new ReadConversation(
                session,
                name(random),
                random.nextBoolean() ? Order.OLDEST_FIRST : Order.NEWEST_FIRST,
                0,
                1 + random.nextInt(10)));
  }

  private static String name(RandomGenerator random) {
    return NAMES[random.nextInt(NAMES.length)];
  }

  private static SessionKey session(int user, RandomGenerator random) {
    return new SessionKey(String.format("%064x", 1 + user * DEVICES + random.nextInt(DEVICES)));
  }
}
