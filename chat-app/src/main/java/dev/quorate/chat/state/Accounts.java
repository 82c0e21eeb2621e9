package dev.quorate.chat.state;

import dev.quorate.chat.command.AddClient;
import dev.quorate.chat.command.CreateAccount;
import dev.quorate.chat.command.OpenSession;
import dev.quorate.chat.command.SessionKey;
import dev.quorate.chat.query.ListAccounts;
import dev.quorate.chat.query.NamePattern;
import dev.quorate.chat.result.AccountCreated;
import dev.quorate.chat.result.AccountPage;
import dev.quorate.chat.result.ClientAdded;
import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Refused.Reason;
import dev.quorate.chat.result.Result;
import dev.quorate.chat.result.SessionOpened;
import dev.quorate.raft.api.ApplyContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All users, and who is logged in. */
final class Accounts {

  private final SortedMap<String, Account> byName = new TreeMap<>();
  private final Map<SessionKey, Account> bySession = new HashMap<>();

  Optional<Account> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Optional<Account> owning(SessionKey session) {
    return Optional.ofNullable(bySession.get(session));
  }

  /** All accounts, in the order of their names. */
  Collection<Account> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  /** Adds an account that another life of this state made. */
  void restore(Account account) {
    boolean isNew = byName.put(account.name(), account) == null;
    for (SessionKey session : account.sessions()) {
      isNew &= bySession.put(session, account) == null;
    }
    if (!isNew) {
      throw new IllegalArgumentException("an account or a session stands twice");
    }
  }

  Result create(CreateAccount command, ApplyContext context) {
    if (byName.containsKey(command.name())) {
      return new Refused(Reason.NAME_TAKEN, "the name is taken");
    }
    byName.put(command.name(), new Account(command.name(), command.password(), context.index()));
    return new AccountCreated(context.wallTimeMillis());
  }

  Result openSession(OpenSession command) {
    Account account = byName.get(command.name());
    if (account == null) {
      return Refusals.noSuchAccount();
    }
    if (account.credentials() != command.credentials()) {
      return new Refused(
          Reason.CREDENTIALS_CHANGED,
          "the password that was checked is not the account's any more");
    }
    Account owner = bySession.putIfAbsent(command.session(), account);
    if (owner == null) {
      account.addSession(command.session());
      if (account.sessions().size() > OpenSession.MAX_SESSIONS) {
        bySession.remove(account.removeOldestSession());
      }
    } else if (owner != account) {
      return new Refused(Reason.INVALID, "the session belongs to somebody else");
    }
    return new SessionOpened(account.unreadCount());
  }

  /** One more client of a user; one that is there already changes nothing. */
  Result addClient(Account account, AddClient command) {
    long replaced = 0;
    if (!account.clients().contains(command.client())) {
      account.addClient(command.client());
      if (account.clients().size() > AddClient.MAX_CLIENTS) {
        replaced = account.removeOldestClient();
      }
    }
    return new ClientAdded(replaced);
  }

  Result list(ListAccounts query) {
    NamePattern pattern = NamePattern.of(query.pattern());
    long first = (query.page() - 1L) * query.size();
    List<String> page = new ArrayList<>();
    long total = 0;
    for (String name : byName.keySet()) {
      if (pattern.matches(name)) {
        if (total >= first && page.size() < query.size()) {
          page.add(name);
        }
        total++;
      }
    }
    return new AccountPage(page, total);
  }
}
