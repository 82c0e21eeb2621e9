package dev.quorate.raft.engine.routing;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.engine.message.ClientMessage;

/** What a {@link Router} wants to be done. None of it may call back at once. */
public interface Steering {

  /**
   * Opens a link. The router is told when it opens and when it ends.
   *
   * @param link identifies it
   * @param address where to connect to
   */
  void connect(long link, Address address);

  /**
   * Sends a message on a link.
   *
   * @return false if the link takes nothing now
   */
  boolean send(long link, ClientMessage message);

  /** Ends a link, of which nothing more is heard. */
  void disconnect(long link);

  /**
   * Tells a caller how its call ended.
   *
   * @param end a {@link ClientMessage.Submitted}; for a read {@link ClientMessage.Answered} or
   *     {@link ClientMessage.Failed}
   */
  void end(ClientMessage end);

  /** A node does not serve this client; worth being said to people, once. */
  void refused(Address address, String reason);
}
