package dev.quorate.chat.demo;

import dev.quorate.chat.cluster.ClusterFile;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.transport.TransportProvider;
import java.util.List;
import java.util.ServiceLoader;

/**
 * The plug-ins that nodes will find, because the prompt runs on the same module path as they do. A
 * name that is not among them is said before five processes are started to say it five times.
 */
final class PlugIns {

  private PlugIns() {}

  static void check(ClusterFile file) throws DemoException {
    check(
        "transport",
        file.transport(),
        ServiceLoader.load(TransportProvider.class).stream()
            .map(found -> found.get().name())
            .sorted()
            .toList());
    check(
        "storage",
        file.storage(),
        ServiceLoader.load(StorageProvider.class).stream()
            .map(found -> found.get().name())
            .sorted()
            .toList());
  }

  private static void check(String kind, String name, List<String> found) throws DemoException {
    if (!found.contains(name)) {
      throw DemoException.usage(
          "there is no %s '%s'; there is: %s".formatted(kind, name, String.join(", ", found)));
    }
  }
}
