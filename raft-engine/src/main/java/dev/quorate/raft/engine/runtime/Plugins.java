package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.transport.TransportProvider;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Finds transports and storages by their short names. */
public final class Plugins {

  private static final String DEFAULT_TRANSPORT = "tcp";
  private static final String DEFAULT_STORAGE = "file";

  private Plugins() {}

  /** The transport that the settings ask for. */
  public static TransportProvider transport(Settings settings) {
    return find(
        EngineSettings.TRANSPORT,
        settings.text(EngineSettings.TRANSPORT, DEFAULT_TRANSPORT),
        "transport",
        byName(ServiceLoader.load(TransportProvider.class), TransportProvider::name));
  }

  /** The storage that the settings ask for. */
  public static StorageProvider storage(Settings settings) {
    return find(
        EngineSettings.STORAGE,
        settings.text(EngineSettings.STORAGE, DEFAULT_STORAGE),
        "storage",
        byName(ServiceLoader.load(StorageProvider.class), StorageProvider::name));
  }

  private static <P> SortedMap<String, P> byName(ServiceLoader<P> found, Function<P, String> name) {
    SortedMap<String, P> byName = new TreeMap<>();
    found.forEach(provider -> byName.putIfAbsent(name.apply(provider), provider));
    return byName;
  }

  private static <P> P find(String key, String name, String kind, SortedMap<String, P> found) {
    P provider = found.get(name);
    if (provider == null) {
      throw new ConfigurationException(
          "there is no "
              + kind
              + " '"
              + name
              + "' ("
              + key
              + "); found: "
              + (found.isEmpty() ? "none" : String.join(", ", found.keySet()))
              + ". A "
              + kind
              + " is found when its jar, such as dev.quorate:"
              + kind
              + "-"
              + name
              + ", is on the module path or class path");
    }
    return provider;
  }
}
