package dev.quorate.chat.state;

import dev.quorate.chat.query.ReadConversation.Order;
import dev.quorate.chat.result.ConversationPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What two users wrote to each other, or one to oneself, in the order of ids. */
final class Conversation {

  /** Between whom, whichever of them is named first. */
  record Parties(String low, String high) {
    static Parties of(Message message) {
      return of(message.sender().name(), message.recipient().name());
    }

    static Parties of(String one, String other) {
      return one.compareTo(other) <= 0 ? new Parties(one, other) : new Parties(other, one);
    }
  }

  private final List<Message> messages = new ArrayList<>();
  private final Map<String, Integer> unread = new HashMap<>();

  void add(Message message) {
    messages.add(message);
    unread.merge(message.recipient().name(), 1, Integer::sum);
  }

  /** One of its messages was read by its recipient. */
  void markedRead(Message message) {
    unread.merge(message.recipient().name(), -1, Integer::sum);
  }

  ConversationPage page(String reader, Order order, long cursor, int size) {
    boolean newestFirst = order == Order.NEWEST_FIRST;
    MessagePage page = new MessagePage(size);
    int step = newestFirst ? -1 : 1;
    int at =
        newestFirst
            ? (cursor == 0 ? messages.size() : count(cursor, false)) - 1
            : count(cursor, true);
    long last = 0;
    while (at >= 0 && at < messages.size() && page.takes(messages.get(at))) {
      last = messages.get(at).id();
      page.add(messages.get(at));
      at += step;
    }
    boolean more = at >= 0 && at < messages.size();
    return new ConversationPage(
        page.messages(), more ? last : 0, messages.size(), unread.getOrDefault(reader, 0));
  }

  /** How many messages have an id below this one, or this one. */
  private int count(long id, boolean inclusive) {
    int low = 0;
    int high = messages.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      long found = messages.get(middle).id();
      if (found < id || (inclusive && found == id)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
