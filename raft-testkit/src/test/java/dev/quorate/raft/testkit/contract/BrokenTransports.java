package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Transports with one fault each, put under the contract. Nested, so that no build runs them alone.
 */
final class BrokenTransports {

  private BrokenTransports() {}

  /** The contract of the sound transport, changed when one is made; it does not wait for long. */
  abstract static class Variant extends TransportContract {

    abstract Transport broken(TransportContext context);

    static Transport sound(TransportContext context) {
      return new MemoryTransportProvider().create(context);
    }

    @Override
    Duration patience() {
      return Duration.ofSeconds(2);
    }

    @Override
    protected TransportProvider provider() {
      return new TransportProvider() {
        @Override
        public String name() {
          return "memory";
        }

        @Override
        public Transport create(TransportContext context) {
          return broken(context);
        }
      };
    }
  }

  /** Does what another does. */
  static class Forwarding implements Transport {

    final Transport sound;

    Forwarding(Transport sound) {
      this.sound = sound;
    }

    @Override
    public Address start(FrameReceiver receiver) throws IOException {
      return sound.start(receiver);
    }

    @Override
    public void setPeers(Map<NodeId, Address> peers) {
      sound.setPeers(peers);
    }

    @Override
    public void send(NodeId to, Lane lane, ByteBuffer frame) {
      sound.send(to, lane, frame);
    }

    @Override
    public void close() {
      sound.close();
    }
  }

  /** Anything waits for a peer, however much. */
  static class KeepsEverything extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return new MemoryTransportProvider(Long.MAX_VALUE).create(context);
    }
  }

  /** All frames are alike. */
  static class HasOneLane extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return new Forwarding(sound(context)) {
        @Override
        public void send(NodeId to, Lane lane, ByteBuffer frame) {
          sound.send(to, Lane.BULK, frame);
        }
      };
    }
  }

  /** Long frames lose their ends. */
  static class CutsFrames extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return new Forwarding(sound(context)) {
        @Override
        public void send(NodeId to, Lane lane, ByteBuffer frame) {
          sound.send(to, lane, frame.slice(frame.position(), Math.min(frame.remaining(), 65_536)));
        }
      };
    }
  }

  /** The sender's buffer is drained. */
  static class MovesTheSendersBuffer extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return new Forwarding(sound(context)) {
        @Override
        public void send(NodeId to, Lane lane, ByteBuffer frame) {
          sound.send(to, lane, frame);
          frame.position(frame.limit());
        }
      };
    }
  }

  /** Frames are handed out in one buffer, again and again. */
  static class ReusesItsBuffer extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return new Forwarding(sound(context)) {
        private final ByteBuffer reused = ByteBuffer.allocate(context.maxFrameBytes());

        @Override
        public Address start(FrameReceiver receiver) throws IOException {
          return sound.start(
              (from, frame) -> {
                synchronized (reused) {
                  reused.clear().put(frame).flip();
                  receiver.onFrame(from, reused.duplicate());
                }
              });
        }
      };
    }
  }

  /** After a receiver threw, it gets nothing more. */
  static class GivesUpOnAReceiver extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return new Forwarding(sound(context)) {
        private volatile boolean failed;

        @Override
        public Address start(FrameReceiver receiver) throws IOException {
          return sound.start(
              (from, frame) -> {
                if (!failed) {
                  failed = true;
                  receiver.onFrame(from, frame);
                  failed = false;
                }
              });
        }
      };
    }
  }

  /** The handshake does not name the cluster. */
  static class MixesClusters extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return sound(
          new TransportContext(
              CLUSTER,
              context.self(),
              context.bind(),
              context.maxFrameBytes(),
              context.settings()));
    }
  }

  /** Who was named once is a peer for ever. */
  static class NeverForgetsAPeer extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return new Forwarding(sound(context)) {
        private final Map<NodeId, Address> all = new TreeMap<>();

        @Override
        public void setPeers(Map<NodeId, Address> peers) {
          all.putAll(peers);
          sound.setPeers(all);
        }
      };
    }
  }

  /** Frames that are empty or too long are dropped like any other. */
  static class DropsWhatItShouldRefuse extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return new Forwarding(sound(context)) {
        @Override
        public void send(NodeId to, Lane lane, ByteBuffer frame) {
          if (frame.hasRemaining() && frame.remaining() <= context.maxFrameBytes()) {
            sound.send(to, lane, frame);
          }
        }
      };
    }
  }

  /** A thread is left behind by each start; it ends when the case has long been judged. */
  static class LeavesAThread extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return new Forwarding(sound(context)) {
        @Override
        public Address start(FrameReceiver receiver) throws IOException {
          Thread left = new Thread(() -> LockSupport.parkNanos(30_000_000_000L), "left behind");
          left.setDaemon(true);
          left.start();
          return sound.start(receiver);
        }
      };
    }
  }

  /** Whoever sends bulk waits a little for each frame. */
  static class BlocksItsSenders extends Variant {
    @Override
    Transport broken(TransportContext context) {
      return new Forwarding(sound(context)) {
        @Override
        public void send(NodeId to, Lane lane, ByteBuffer frame) {
          sound.send(to, lane, frame);
          if (lane == Lane.BULK) {
            LockSupport.parkNanos(20_000_000);
          }
        }
      };
    }
  }
}
