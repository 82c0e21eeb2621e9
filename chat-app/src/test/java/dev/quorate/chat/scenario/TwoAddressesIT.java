package dev.quorate.chat.scenario;

import java.io.IOException;
import java.nio.file.Path;

/** Two machines that are two loopback addresses of one. */
class TwoAddressesIT extends ScenarioSuite {
  @Override
  Site site(Path directory) throws IOException {
    return Site.twoAddresses(directory, Scenarios.transport());
  }
}
