package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.engine.codec.ClientCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.routing.Steering;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A client's links by their numbers. Only for the client's turns; what links tell becomes one. */
final class ClientLinks implements Steering {

  private final ClientTransport transport;
  private final Mailbox mailbox;
  private final RateLimitedLog log;
  private final Events events;
  private final Consumer<ClientMessage> ends;
  private final Map<Long, Link> links = new HashMap<>();

  /** What links tell, in the client's turns. */
  interface Events {
    /** A link opened. */
    void opened(long link);

    /** A node said something. */
    void received(long link, ClientMessage message);

    /** A link ended, and not because the router wanted it. */
    void closed(long link, String reason);
  }

  ClientLinks(
      ClientTransport transport,
      Mailbox mailbox,
      RateLimitedLog log,
      Events events,
      Consumer<ClientMessage> ends) {
    this.transport = transport;
    this.mailbox = mailbox;
    this.log = log;
    this.events = events;
    this.ends = ends;
  }

  @Override
  public void connect(long number, Address address) {
    links.put(number, transport.connect(address, new Ear(number, address)));
  }

  @Override
  public boolean send(long number, ClientMessage message) {
    Link link = links.get(number);
    return link != null && link.send(Lane.BULK, ClientCodec.encode(message));
  }

  @Override
  public void disconnect(long number) {
    Link link = links.remove(number);
    if (link != null) {
      link.close();
    }
  }

  @Override
  public void end(ClientMessage end) {
    ends.accept(end);
  }

  @Override
  public void refused(Address address, String reason) {
    log.warn("refused", "the node at " + address + " does not serve this client: " + reason);
  }

  /** Hears of one link, in the transport's threads. */
  private final class Ear implements LinkListener {
    private final long number;
    private final Address address;

    Ear(long number, Address address) {
      this.number = number;
      this.address = address;
    }

    @Override
    public void onOpen() {
      mailbox.post(() -> events.opened(number));
    }

    @Override
    public void onFrame(ByteBuffer frame) {
      try {
        ClientMessage message = ClientCodec.decode(frame);
        mailbox.post(() -> events.received(number, message));
      } catch (DecodeException e) {
        log.warn("malformed", "left the node at " + address + ", which said " + e.getMessage());
        mailbox.post(
            () -> {
              disconnect(number);
              events.closed(number, "it sent a malformed frame: " + e.getMessage());
            });
      }
    }

    @Override
    public void onClosed(String reason) {
      mailbox.post(
          () -> {
            links.remove(number);
            events.closed(number, reason);
          });
    }
  }
}
