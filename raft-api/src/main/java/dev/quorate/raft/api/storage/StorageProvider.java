package dev.quorate.raft.api.storage;

import dev.quorate.raft.api.config.Settings;
import java.io.IOException;

/** Opens storages of one kind. */
public interface StorageProvider {

  /**
   * The short name by which configuration asks for this kind, as in {@code raft.storage=file}.
   *
   * @return lower-case letters and digits; always the same
   */
  String name();

  /**
   * Says what {@link #open} would find wrong in the settings, and does nothing else. One that does
   * not implement it finds nothing wrong before it is asked for a storage.
   *
   * @param settings all settings of a node
   * @throws dev.quorate.raft.api.config.ConfigurationException if a key is unknown or ill-valued;
   *     the message names the key
   */
  default void check(Settings settings) {}

  /**
   * Opens the storage of one host, which no other process and no other part of this one may use
   * until it is closed, by whatever path they come. When this returns the directory has its
   * identity, durably. A refusal changes nothing in it, and nothing for who has it open.
   *
   * <p>Reads the keys that begin with {@code raft.storage.<name>.} and refuses unknown ones; other
   * keys are none of its business.
   *
   * @param context whose storage it is, and where
   * @return the storage
   * @throws dev.quorate.raft.api.config.ConfigurationException if a key is unknown or ill-valued;
   *     the message names the key
   * @throws IOException if the directory is in use (the message names the holder), belongs to
   *     another node or cluster, has a newer format, or cannot be read or written: the message
   *     names the file or directory and what the system says. Without its identity nobody can say
   *     whose disk it is, so that also a fault of the disk is told here and by no node
   * @throws CorruptionException if its own files are damaged
   */
  Storage open(StorageContext context) throws IOException;
}
