package dev.quorate.raft.engine.client;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.engine.message.SessionRequest;

/** What a {@link SessionClient} wants to be done. None of it may call back at once. */
public interface Outlet {

  /**
   * Sends a request to the cluster, once, and tells the client what became of it: {@link
   * SessionClient#onEnd}. By rule P10, "rejected" is said only of what is certainly never appended,
   * or by the table of sessions itself.
   *
   * @param attempt identifies it
   * @param request the request
   * @param deadlineNanos when the attempt is given up
   */
  void send(long attempt, SessionRequest request, long deadlineNanos);

  /**
   * Tells a caller what became of a command.
   *
   * @param sequence the command's place in the session
   * @param outcome its end
   */
  void end(long sequence, Outcome outcome);

  /** The session is over: the client does nothing any more. */
  void closed();
}
