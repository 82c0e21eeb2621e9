package dev.quorate.chat.state;

import dev.quorate.chat.command.PasswordHash;
import dev.quorate.chat.command.SessionKey;
import dev.quorate.raft.api.Snapshot;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The whole state at a moment, and its bytes in snapshots, which {@link StateReader} reads.
 *
 * <p>Numbers are big-endian; a text is its length in bytes (4) and its UTF-8.
 *
 * <pre>
 * magic (4), version (4), digest: index (8), hash (32); leadership settled (1)
 * number of accounts (4), then each, in the order of names:
 *   name, password: algorithm, iterations (4), salt, hash, log index at which it was set (8);
 *   number of sessions (4), their hashes, the oldest first;
 *   number of clients (4), each (8), first what was added first; read up to message id (8)
 * number of messages (4), then each, in the order of ids:
 *   id (8), sender (4), recipient (4), both as positions in the list of accounts; content,
 *   sent at (8)
 * </pre>
 *
 * <p>Conversations and what is unread follow from these. Version 1, which remembered sends by
 * itself, was never released and is not read.
 */
record StateImage(
    StateDigest digest,
    boolean leadershipSettled,
    List<AccountImage> accounts,
    MessageLog.View messages)
    implements Snapshot {

  static final int MAGIC = 0x51434854;
  static final int VERSION = 2;

  /** An account at that moment. */
  record AccountImage(
      String name,
      PasswordHash password,
      long credentials,
      List<SessionKey> sessions,
      List<Long> clients,
      long readUpTo) {}

  /** The accounts as they are now. */
  static List<AccountImage> copyOf(Accounts accounts) {
    List<AccountImage> images = new ArrayList<>(accounts.all().size());
    for (Account account : accounts.all()) {
      images.add(
          new AccountImage(
              account.name(),
              account.password(),
              account.credentials(),
              account.sessions(),
              account.clients(),
              account.readUpTo()));
    }
    return images;
  }

  @Override
  public void writeTo(OutputStream target) throws IOException {
    DataOutputStream out = new DataOutputStream(target);
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.writeLong(digest.index());
    out.write(HexFormat.of().parseHex(digest.hash()));
    out.writeBoolean(leadershipSettled);
    writeAccounts(out);
    writeMessages(out);
    out.flush();
  }

  private void writeAccounts(DataOutputStream out) throws IOException {
    out.writeInt(accounts.size());
    for (AccountImage account : accounts) {
      text(out, account.name());
      text(out, account.password().algorithm());
      out.writeInt(account.password().iterations());
      text(out, account.password().salt());
      text(out, account.password().hash());
      out.writeLong(account.credentials());
      out.writeInt(account.sessions().size());
      for (SessionKey session : account.sessions()) {
        text(out, session.hash());
      }
      out.writeInt(account.clients().size());
      for (long client : account.clients()) {
        out.writeLong(client);
      }
      out.writeLong(account.readUpTo());
    }
  }

  private void writeMessages(DataOutputStream out) throws IOException {
    Map<String, Integer> positions = new HashMap<>();
    for (AccountImage account : accounts) {
      positions.put(account.name(), positions.size());
    }
    out.writeInt(messages.size());
    for (Message message : messages) {
      out.writeLong(message.id());
      out.writeInt(positions.get(message.sender().name()));
      out.writeInt(positions.get(message.recipient().name()));
      text(out, message.content());
      out.writeLong(message.sentAt());
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Override
  public String toString() {
    return "StateImage[" + digest + ", " + messages.size() + " messages]";
  }
}
