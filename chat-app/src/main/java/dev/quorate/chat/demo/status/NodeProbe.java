package dev.quorate.chat.demo.status;

import dev.quorate.chat.demo.machine.Place;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks one node how it is. */
public interface NodeProbe extends AutoCloseable {

  /** Asks once; the future fails when no answer comes within the deadline. */
  CompletableFuture<NodeReport> ask(Duration deadline);

  /** Lets go of connections. */
  @Override
  void close();

  /** Makes the probe of a node. */
  @FunctionalInterface
  interface Factory {
    /** Connects to nothing yet. */
    NodeProbe of(Place place);
  }
}
