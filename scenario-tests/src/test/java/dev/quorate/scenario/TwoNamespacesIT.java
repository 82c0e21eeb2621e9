package dev.quorate.scenario;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.DisabledIf;

/** Two machines that are two network namespaces. */
@DisabledIf("dev.quorate.scenario.Scenarios#isShortOverTcp")
class TwoNamespacesIT extends ScenarioSuite {
  private Namespaces namespaces;

  @Override
  Site site(Path directory) throws IOException, InterruptedException {
    Scenarios.need(Namespaces.missing());
    namespaces = Namespaces.make();
    return Site.twoHosts(directory, namespaces, Scenarios.transport());
  }

  /** After {@link ScenarioSuite#endAll}: namespaces go when the processes in them are gone. */
  @Override
  @AfterAll
  void endAll() throws IOException {
    super.endAll();
    if (namespaces != null) {
      namespaces.close();
    }
  }
}
