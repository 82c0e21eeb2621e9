package dev.quorate.chat.demo;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The options of {@code demo}, checked against each other.
 *
 * @param machine which half of the cluster runs here; empty when all of it does
 * @param peerHost the other machine; empty when it is to be looked for
 * @param localHost the address to bind and to advertise; empty when it is to be found out
 * @param failLeader whether {@code fail} may stop the initial leader
 * @param skipClear whether the data of earlier runs is kept
 * @param clusterFile the cluster file; empty for the default five nodes
 * @param transport the transport's name; empty for the cluster file's
 * @param storage the storage's name; empty for the cluster file's
 */
record DemoOptions(
    OptionalInt machine,
    Optional<String> peerHost,
    Optional<String> localHost,
    boolean failLeader,
    boolean skipClear,
    Optional<Path> clusterFile,
    Optional<String> transport,
    Optional<String> storage) {

  /** Refuses combinations that mean nothing, naming the option at fault. */
  void check() throws DemoException {
    if (machine.isPresent() && machine.getAsInt() != 1 && machine.getAsInt() != 2) {
      throw DemoException.usage("--machine-id is 1 or 2, not " + machine.getAsInt());
    }
    if (machine.isEmpty() && peerHost.isPresent()) {
      throw DemoException.usage(
          "--peer-ip needs --machine-id 1 or 2: without it all nodes run on this machine");
    }
    notBlank("--peer-ip", peerHost);
    notBlank("--local-ip", localHost);
    notBlank("--transport", transport);
    notBlank("--storage", storage);
  }

  private static void notBlank(String option, Optional<String> value) throws DemoException {
    if (value.isPresent() && value.get().isBlank()) {
      throw DemoException.usage(option + " is empty");
    }
  }
}
