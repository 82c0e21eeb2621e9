package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One end of a link, and what it heard. */
final class TestLink implements LinkListener {

  private final AtomicInteger openings = new AtomicInteger();
  private final List<byte[]> received = new CopyOnWriteArrayList<>();
  private final List<String> endings = new CopyOnWriteArrayList<>();
  private final AtomicInteger heardAfterTheEnd = new AtomicInteger();
  private volatile Consumer<String> reaction = text -> {};
  private volatile Link link;

  /** Names the link that is heard, as soon as it is known. */
  void hears(Link heard) {
    link = heard;
  }

  /** What is done about each frame, in the call that brings it. */
  void reacts(Consumer<String> about) {
    reaction = about;
  }

  @Override
  public void onOpen() {
    openings.incrementAndGet();
    countIfEnded();
  }

  @Override
  public void onFrame(ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    received.add(bytes);
    countIfEnded();
    reaction.accept(new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void onClosed(String reason) {
    countIfEnded();
    endings.add(reason);
  }

  private void countIfEnded() {
    if (!endings.isEmpty()) {
      heardAfterTheEnd.incrementAndGet();
    }
  }

  Link link() {
    return link;
  }

  boolean send(Lane lane, String text) {
    return link.send(lane, TransportFixture.frame(text));
  }

  boolean send(String text) {
    return send(Lane.CONTROL, text);
  }

  /** How often it opened. */
  int openings() {
    return openings.get();
  }

  boolean isOpen() {
    return openings() == 1 && endings.isEmpty();
  }

  boolean isEnded() {
    return !endings.isEmpty();
  }

  /** The reasons of all ends that were told, of which there is to be one. */
  List<String> endings() {
    return endings;
  }

  /** How much was heard behind an end: nothing, if all is well. */
  int heardAfterTheEnd() {
    return heardAfterTheEnd.get();
  }

  List<byte[]> received() {
    return received;
  }

  List<String> texts() {
    return received.stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList();
  }

  boolean got(String text) {
    return texts().contains(text);
  }
}
