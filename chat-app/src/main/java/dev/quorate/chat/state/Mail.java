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
import dev.quorate.raft.api.ApplyContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All messages. */
final class Mail {

  private final Map<Parties, Conversation> conversations = new HashMap<>();
  private long lastId;

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
            ++lastId,
            sender.name(),
            command.recipient(),
            command.content(),
            context.wallTimeMillis());
    sends.remember(command.clientId(), command.sequence(), message, clusterMillis);
    conversations
        .computeIfAbsent(
            Parties.of(message.sender(), message.recipient()), parties -> new Conversation())
        .add(message);
    recipient.get().unread().addLast(message);
    return new MessageSent(message.id(), message.sentAt(), false);
  }

  /** Reads the oldest unread messages and marks them. */
  Result readUnread(Account reader, int size) {
    MessagePage page = new MessagePage(size);
    while (!reader.unread().isEmpty() && page.takes(reader.unread().peekFirst())) {
      Message message = reader.unread().removeFirst();
      message.markRead();
      conversations.get(Parties.of(message.sender(), message.recipient())).markedRead(message);
      page.add(message);
    }
    return new UnreadPage(page.messages(), reader.unread().size());
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
