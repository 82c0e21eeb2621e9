package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListenersTest {

  private final List<String> heard = new ArrayList<>();
  private final Listeners listeners =
      new Listeners(
          Runnable::run,
          new RateLimitedLog(new Lines(), new ManualEnvironment(1)),
          state(Role.FOLLOWER));

  private static Listeners.State state(Role role) {
    return new Listeners.State(role, 1, Optional.empty(), new NodeCondition.Working());
  }

  private RaftListener listener(String name, Optional<Error> error) {
    return new RaftListener() {
      @Override
      public void onRoleChanged(Role role, long term) {
        heard.add(name + " " + role);
        if (error.isPresent()) {
          throw error.get();
        }
      }
    };
  }

  @Test
  void anErrorOfOneListenerIsNotTheOthersAffair() {
    listeners.add(listener("bad", Optional.of(new AssertionError("told to"))));
    listeners.add(listener("good", Optional.empty()));
    heard.clear();
    listeners.publish(state(Role.LEADER));
    listeners.publish(state(Role.FOLLOWER));
    assertThat(heard).containsExactly("bad LEADER", "good LEADER", "bad FOLLOWER", "good FOLLOWER");
  }
}
