package dev.quorate.chat.state;

import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.result.Refused.Reason;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an account's clients sent lately, so that a retry is recognised. Of each client the sends
 * whose sequence is within {@link SendMessage#REMEMBERED_SENDS} of its highest are known; what is
 * below is refused, because nobody can tell any more. When {@link SendMessage#MAX_CLIENTS} are
 * known a new client takes the place of one that was silent for {@link
 * SendMessage#CLIENT_IDLE_MILLIS} of cluster time; if there is none, the newcomer is refused, and
 * nobody is forgotten too early.
 */
final class SendLedger {

  /** The longest silent first. */
  private final LinkedHashMap<String, Client> clients = new LinkedHashMap<>();

  private static final class Client {
    final String id;
    final TreeMap<Long, Message> sends = new TreeMap<>();
    long lastSendClusterMillis;

    Client(String id) {
      this.id = id;
    }
  }

  /** The same id, as one text for all messages of a client, which keep it. */
  String nameOf(String clientId) {
    Client client = clients.get(clientId);
    return client == null ? clientId : client.id;
  }

  /** The message that this sequence became, if it is known. */
  Optional<Message> find(String clientId, long sequence) {
    Client client = clients.get(clientId);
    return client == null ? Optional.empty() : Optional.ofNullable(client.sends.get(sequence));
  }

  /** Why a sequence that {@link #find} does not know cannot be taken, if it cannot. */
  Optional<Reason> refusal(String clientId, long sequence, long clusterMillis) {
    Client client = clients.get(clientId);
    if (client != null) {
      return sequence <= floor(client) ? Optional.of(Reason.SEQUENCE_TOO_OLD) : Optional.empty();
    }
    if (clients.size() < SendMessage.MAX_CLIENTS || eldestIdle(clusterMillis)) {
      return Optional.empty();
    }
    return Optional.of(Reason.TOO_MANY_CLIENTS);
  }

  /** Remembers a send that {@link #refusal} had nothing against. */
  void remember(Message message) {
    String clientId = message.origin().clientId();
    // Taken out and put in again: the map's order is the order of the last sends.
    Client client = clients.remove(clientId);
    if (client == null) {
      client = new Client(clientId);
      if (clients.size() >= SendMessage.MAX_CLIENTS) {
        Iterator<Client> eldest = clients.values().iterator();
        eldest.next();
        eldest.remove();
      }
    }
    client.sends.put(message.origin().sequence(), message);
    client.sends.headMap(floor(client), true).clear();
    client.lastSendClusterMillis = message.origin().clusterMillis();
    clients.put(clientId, client);
  }

  private boolean eldestIdle(long clusterMillis) {
    Client eldest = clients.values().iterator().next();
    return clusterMillis - eldest.lastSendClusterMillis >= SendMessage.CLIENT_IDLE_MILLIS;
  }

  private static long floor(Client client) {
    return client.sends.lastKey() - SendMessage.REMEMBERED_SENDS;
  }
}
