package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.Role;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Tells listeners what changed, one change after the other. Everything here runs in order on one
 * executor, so that whoever is added hears the present state first and then every change from it.
 */
final class Listeners {

  private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

  private final RateLimitedLog log;
  private final Mailbox mailbox;
  private final List<Registered> registered = new ArrayList<>();
  private State state;

  /** What listeners hear of. */
  record State(Role role, long term, Optional<NodeId> leader, NodeCondition condition) {}

  private record Registered(RaftListener listener, AtomicBoolean removed, RateLimitedLog log) {
    void call(Consumer<RaftListener> event) {
      if (removed.get()) {
        return;
      }
      try {
        event.accept(listener);
      } catch (VirtualMachineError e) {
        throw e;
      } catch (Throwable e) {
        // An Error too is this listener's own, and not those' who hear after it.
        log.warn("listener", "a listener failed and will be called again", e);
      }
    }
  }

  Listeners(Executor callbacks, RateLimitedLog log, State state) {
    this.log = log;
    this.mailbox =
        new Mailbox(callbacks, e -> LOG.log(Level.ERROR, "telling the listeners failed", e));
    this.state = state;
  }

  RaftNode.Registration add(RaftListener listener) {
    AtomicBoolean removed = new AtomicBoolean();
    mailbox.post(
        () -> {
          Registered added = new Registered(listener, removed, log);
          registered.add(added);
          State now = state;
          added.call(l -> l.onRoleChanged(now.role(), now.term()));
          added.call(l -> l.onLeaderChanged(now.leader(), now.term()));
          added.call(l -> l.onConditionChanged(now.condition()));
        });
    return () -> {
      removed.set(true);
      mailbox.post(() -> registered.removeIf(one -> one.removed().get()));
    };
  }

  void publish(State next) {
    mailbox.post(
        () -> {
          State before = state;
          state = next;
          boolean newTerm = before.term() != next.term();
          if (before.role() != next.role() || newTerm && next.role() == Role.LEADER) {
            tell(l -> l.onRoleChanged(next.role(), next.term()));
          }
          if (!before.leader().equals(next.leader()) || newTerm && next.leader().isPresent()) {
            tell(l -> l.onLeaderChanged(next.leader(), next.term()));
          }
          if (!before.condition().equals(next.condition())) {
            tell(l -> l.onConditionChanged(next.condition()));
          }
        });
  }

  private void tell(Consumer<RaftListener> event) {
    registered.forEach(one -> one.call(event));
  }
}
