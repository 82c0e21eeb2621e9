package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.engine.codec.ClientCodec;
import dev.quorate.raft.engine.message.ClientMessage;
import java.nio.ByteBuffer;

/**
 * A client that a desk serves: what it has under way, and what it was told. For any thread.
 *
 * <p>Every call is answered once, as long as the link lasts. An answer for which there is no room,
 * because the client takes in less than it asks for, is replaced by a short one that says so.
 */
final class ClientConnection {

  private final ClientDesk desk;
  private final long number;
  private final Link link;
  private final ClientKeys.Window window;

  // Guarded by this object's monitor.
  private int calls;
  private long bytes;
  private ClientMessage.News told;

  ClientConnection(ClientDesk desk, long number, Link link, ClientKeys.Window window) {
    this.desk = desk;
    this.number = number;
    this.link = link;
    this.window = window;
  }

  /** Tells the client what is new, if it is. */
  synchronized void tell(ClientMessage.News news) {
    // One that does not get through is tried again when the desk looks next.
    if (!news.equals(told) && link.send(Lane.CONTROL, ClientCodec.encode(news))) {
      told = news;
    }
  }

  void onCall(ClientMessage.Call call) {
    if (admit(call)) {
      desk.serve(call, this::answer);
    } else {
      send(
          Lane.CONTROL,
          refused(
              call,
              "the client has more under way than "
                  + window.calls()
                  + " calls of together "
                  + window.bytes()
                  + " bytes"));
    }
  }

  private synchronized boolean admit(ClientMessage.Call call) {
    if (calls > 0 && (calls >= window.calls() || bytes + call.bytes() > window.bytes())) {
      return false;
    }
    calls++;
    bytes += call.bytes();
    return true;
  }

  private void answer(ClientMessage.Call call, ClientMessage answer) {
    synchronized (this) {
      calls--;
      bytes -= call.bytes();
    }
    if (!send(Lane.BULK, answer)) {
      String message = "this node could not send the answer: too much waits, or it is too long";
      boolean certain = call instanceof ClientMessage.Query || isRefusal(answer);
      ClientMessage instead =
          certain
              ? refused(call, message)
              : new ClientMessage.Submitted(call.number(), new Outcome.Unknown(message));
      if (!send(Lane.CONTROL, instead)) {
        // What cannot be answered must not be waited for.
        link.close();
      }
    }
  }

  private static boolean isRefusal(ClientMessage answer) {
    return answer instanceof ClientMessage.Submitted submitted
        && submitted.outcome() instanceof Outcome.Rejected;
  }

  private static ClientMessage refused(ClientMessage.Call call, String message) {
    return call instanceof ClientMessage.Query
        ? new ClientMessage.Answered(
            call.number(), new ReadOutcome.Refused(RejectReason.OVER_LIMIT, message))
        : new ClientMessage.Submitted(
            call.number(), new Outcome.Rejected(RejectReason.OVER_LIMIT, message));
  }

  private boolean send(Lane lane, ClientMessage message) {
    ByteBuffer frame = ClientCodec.encode(message);
    return frame.remaining() <= desk.maxFrameBytes() && link.send(lane, frame);
  }

  void close() {
    link.close();
  }

  /** The link has ended. What is under way goes on, and nobody hears how it ends. */
  void closed() {
    desk.disconnected(number);
  }
}
