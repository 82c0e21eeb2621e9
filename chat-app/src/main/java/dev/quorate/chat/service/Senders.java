package dev.quorate.chat.service;

import dev.quorate.chat.command.AddClient;
import dev.quorate.chat.command.SendMessage;
import dev.quorate.chat.command.SessionKey;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.query.ClientsOf;
import dev.quorate.chat.result.ClientAdded;
import dev.quorate.chat.result.ClientsFound;
import dev.quorate.chat.result.MessageSent;
import dev.quorate.raft.api.Session;
import io.grpc.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What clients send, once each. Every client has a session with the cluster, whose id is the
 * client's id, and in which its messages have its numbers. No node holds the session: a client that
 * tries again through another node is in the same session there.
 *
 * <p>The ids are no secret. So whose client it is is asked before anything is submitted in its
 * session, or a stranger could use up its numbers.
 */
final class Senders {

  private final Replication replication;

  Senders(Replication replication) {
    this.replication = replication;
  }

  /** One more client of a user; gives its id. */
  CompletableFuture<Long> add(SessionKey user, Deadline deadline) {
    // Asked first, so that a stranger does not make the cluster open sessions.
    return replication
        .read(new ClientsOf(user), ClientsFound.class, deadline)
        .thenCompose(known -> replication.openSession(deadline))
        .thenCompose(session -> add(user, session, deadline));
  }

  private CompletableFuture<Long> add(SessionKey user, Session session, Deadline deadline) {
    CompletableFuture<ClientAdded> added;
    try {
      added = replication.submit(new AddClient(user, session.id()), ClientAdded.class, deadline);
    } catch (RuntimeException e) {
      session.closeAsync();
      throw e;
    }
    return added
        .whenComplete(
            (done, e) -> {
              if (e == null) {
                session.leave();
              } else {
                // Nobody is told the id: nobody sends in it, even if it was added.
                session.closeAsync();
              }
            })
        .thenApply(
            done -> {
              if (done.replaced() != 0) {
                replication.closeSession(done.replaced());
              }
              return session.id();
            });
  }

  /** Makes one attempt at a client's message. */
  CompletableFuture<MessageSent> send(
      long client, long sequence, SendMessage message, Deadline deadline) {
    Session.Place place = new Session.Place(client, sequence, sequence - 1);
    return requireClient(message.session(), client, deadline)
        .thenCompose(own -> replication.attempt(place, message, MessageSent.class, deadline));
  }

  /** A client that once was a user's never becomes another's, so that a yes may be an old one. */
  private CompletableFuture<Void> requireClient(SessionKey user, long client, Deadline deadline) {
    ClientsOf query = new ClientsOf(user);
    return replication
        .readHere(query, ClientsFound.class, deadline)
        .thenApply(found -> found.clients().contains(client))
        .exceptionally(Senders::notKnownHere)
        .thenCompose(
            known ->
                known
                    ? CompletableFuture.completedFuture(null)
                    : replication
                        .read(query, ClientsFound.class, deadline)
                        .thenAccept(found -> requireClient(found, client)));
  }

  private static boolean notKnownHere(Throwable thrown) {
    Throwable e = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    if (e instanceof CallFailure failure
        && failure.result().getOutcome() == Outcome.OUTCOME_NOT_LOGGED_IN) {
      return false;
    }
    throw new CompletionException(e);
  }

  private static void requireClient(ClientsFound found, long client) {
    if (!found.clients().contains(client)) {
      throw new CallFailure(
          Outcome.OUTCOME_UNKNOWN_CLIENT,
          "client " + client + " is none of this account's, or none any more; add a client");
    }
  }
}
