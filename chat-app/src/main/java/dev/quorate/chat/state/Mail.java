package dev.quorate.chat.state;

import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.query.ReadConversation;
import dev.quorate.chat.result.ConversationPage;
import dev.quorate.chat.result.MessageSent;
import dev.quorate.chat.result.Result;
import dev.quorate.chat.result.UnreadPage;
import dev.quorate.chat.state.Conversation.Parties;
import dev.quorate.raft.api.ApplyContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All messages. */
final class Mail {

  private final MessageLog messages = new MessageLog();
  private final Map<Parties, Conversation> conversations = new HashMap<>();

  /**
   * Sends. Where the command is a retry, this is not called: the engine has the first answer.
   *
   * @param recipient the account of the command's recipient, if there is one
   */
  Result send(
      ApplyContext context, Account sender, Optional<Account> recipient, SendMessage command) {
    if (recipient.isEmpty()) {
      return Refusals.noSuchAccount();
    }
    Message message =
        new Message(
            messages.lastId() + 1,
            sender,
            recipient.get(),
            command.content(),
            context.wallTimeMillis());
    add(message);
    return new MessageSent(message.id(), message.sentAt());
  }

  /** Adds a message whose recipient has not read it yet. */
  private void add(Message message) {
    messages.add(message);
    conversations.computeIfAbsent(Parties.of(message), parties -> new Conversation()).add(message);
    message.recipient().receive(message);
  }

  /** All messages there are now, in the order of their ids. */
  MessageLog.View messages() {
    return messages.view();
  }

  /**
   * Adds a message of another life of this state, after all that were sent before it: conversations
   * come about again as they did then.
   */
  void restore(Message message, boolean read) {
    add(message);
    if (read) {
      markOldestRead(message.recipient());
    }
  }

  private void markOldestRead(Account reader) {
    Message message = reader.oldestUnread();
    reader.read();
    conversations.get(Parties.of(message)).markedRead(message);
  }

  /** Reads the oldest unread messages and marks them. */
  Result readUnread(Account reader, int size) {
    MessagePage page = new MessagePage(size);
    while (reader.oldestUnread() != null && page.takes(reader.oldestUnread())) {
      Message message = reader.oldestUnread();
      markOldestRead(reader);
      page.add(message);
    }
    return new UnreadPage(page.messages(), reader.unreadCount());
  }

  Result readConversation(Account reader, ReadConversation query) {
    Conversation conversation = conversations.get(Parties.of(reader.name(), query.with()));
    if (conversation == null) {
      return new ConversationPage(List.of(), 0, 0, 0);
    }
    return conversation.page(reader.name(), query.order(), query.cursor(), query.size());
  }
}
