/** What an operator needs when a node does not run: its data directory, looked into and mended. */
module dev.quorate.raft.tools {
  requires dev.quorate.raft.engine;
  requires dev.quorate.raft.storage.file;
  requires info.picocli;

  // Picocli sets the options.
  opens dev.quorate.raft.tools.cli to
      info.picocli;
}
