package dev.quorate.chat.state;

import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.query.ReadConversation;
import dev.quorate.chat.result.ConversationPage;
import dev.quorate.chat.result.MessageSent;
import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Refused.Reason;
import dev.quorate.chat.result.Result;
import dev.quorate.chat.result.UnreadPage;
import dev.quorate.chat.state.Conversation.Parties;
import dev.quorate.chat.state.Message.Origin;
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
   * Sends. Whether it was sent before is asked first: a retry gets the first attempt's answer,
   * whatever has changed since.
   *
   * @param recipient the account of the command's recipient, if there is one
   */
  Result send(
      ApplyContext context, Account sender, Optional<Account> recipient, SendMessage command) {
    SendLedger sends = sender.sends();
    Optional<Message> earlier = sends.find(command.clientId(), command.sequence());
    if (earlier.isPresent()) {
      return earlier.get().says(command.recipient(), command.content())
          ? new MessageSent(earlier.get().id(), earlier.get().sentAt(), true)
          : new Refused(Reason.SEQUENCE_REUSED, "the sequence stands for another message");
    }
    long clusterMillis = context.clusterTimeMillis();
    Optional<Reason> refusal = sends.refusal(command.clientId(), command.sequence(), clusterMillis);
    if (refusal.isPresent()) {
      return refused(refusal.get());
    }
    if (recipient.isEmpty()) {
      return Refusals.noSuchAccount();
    }
    Message message =
        new Message(
            messages.lastId() + 1,
            sender,
            recipient.get(),
            command.content(),
            context.wallTimeMillis(),
            new Origin(sends.nameOf(command.clientId()), command.sequence(), clusterMillis));
    add(message);
    return new MessageSent(message.id(), message.sentAt(), false);
  }

  /** Adds a message whose recipient has not read it yet. */
  private void add(Message message) {
    messages.add(message);
    message.sender().sends().remember(message);
    conversations.computeIfAbsent(Parties.of(message), parties -> new Conversation()).add(message);
    message.recipient().receive(message);
  }

  /** All messages there are now, in the order of their ids. */
  MessageLog.View messages() {
    return messages.view();
  }

  /**
   * Adds a message of another life of this state, after all that were sent before it: conversations
   * and what is remembered of sends come about again as they did then.
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

  private static Refused refused(Reason reason) {
    return new Refused(
        reason,
        reason == Reason.SEQUENCE_TOO_OLD
            ? "the sequence is too far behind the client's newest to tell whether it was sent"
            : "too many clients of this account sent lately");
  }
}
