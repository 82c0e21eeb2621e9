package dev.quorate.chat.state;

import dev.quorate.chat.command.PasswordHash;
import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.command.SessionKey;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads what {@link StateImage} writes, and nothing else. */
final class StateReader {

  /** No text of a state is longer. */
  private static final int MAX_TEXT_BYTES = SendMessage.MAX_CONTENT_BYTES;

  private static final int DIGEST_BYTES = 32;

  private final DataInputStream in;
  private final Accounts accounts = new Accounts();
  private final Mail mail = new Mail();
  private final List<Account> inOrder = new ArrayList<>();
  private final List<Long> readUpTo = new ArrayList<>();

  /** A state that was read. */
  record Restored(StateDigest digest, boolean leadershipSettled, Accounts accounts, Mail mail) {}

  private StateReader(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /**
   * Reads a state.
   *
   * @throws IOException if {@code in} fails or ends too early, or is no state of a known version
   */
  static Restored read(InputStream in) throws IOException {
    try {
      return new StateReader(in).state();
    } catch (EOFException e) {
      throw new IOException("no whole state of the chat: it ends too early", e);
    } catch (IllegalArgumentException e) {
      throw new IOException("no state of the chat: " + e.getMessage(), e);
    }
  }

  private Restored state() throws IOException {
    if (in.readInt() != StateImage.MAGIC) {
      throw new IOException("no state of the chat: it does not begin like one");
    }
    int version = in.readInt();
    if (version != StateImage.VERSION) {
      throw new IOException(
          "the chat's state has version "
              + version
              + "; this program reads version "
              + StateImage.VERSION);
    }
    long index = in.readLong();
    StateDigest digest = new StateDigest(index, HexFormat.of().formatHex(bytes(DIGEST_BYTES)));
    boolean settled = in.readBoolean();
    int accountCount = count();
    for (int i = 0; i < accountCount; i++) {
      account();
    }
    int messageCount = count();
    for (int i = 0; i < messageCount; i++) {
      message();
    }
    return new Restored(digest, settled, accounts, mail);
  }

  private void account() throws IOException {
    Account account =
        new Account(text(), new PasswordHash(text(), in.readInt(), text(), text()), in.readLong());
    int sessionCount = count();
    for (int i = 0; i < sessionCount; i++) {
      account.addSession(new SessionKey(text()));
    }
    int clientCount = count();
    for (int i = 0; i < clientCount; i++) {
      account.addClient(in.readLong());
    }
    accounts.restore(account);
    inOrder.add(account);
    readUpTo.add(in.readLong());
  }

  private void message() throws IOException {
    long id = in.readLong();
    Account sender = inOrder.get(position());
    int recipient = position();
    Message message = new Message(id, sender, inOrder.get(recipient), text(), in.readLong());
    mail.restore(message, id <= readUpTo.get(recipient));
  }

  private int position() throws IOException {
    int position = in.readInt();
    if (position < 0 || position >= inOrder.size()) {
      throw new IllegalArgumentException("there is no account number " + position);
    }
    return position;
  }

  private int count() throws IOException {
    int count = in.readInt();
    if (count < 0) {
      throw new IllegalArgumentException("a count of " + count);
    }
    return count;
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  private String text() throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException("a text of " + length + " bytes");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(length))).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a text that is no UTF-8", e);
    }
  }
}
