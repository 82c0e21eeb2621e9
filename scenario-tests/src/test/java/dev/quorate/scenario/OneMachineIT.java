package dev.quorate.scenario;

import java.io.IOException;
import java.nio.file.Path;

/** All nodes on one machine. */
class OneMachineIT extends ScenarioSuite {
  @Override
  Site site(Path directory) throws IOException {
    return Site.oneMachine(directory, Scenarios.transport());
  }
}
