/**
 * Programs on the engine. Transport and storage are not required: they are found by their names.
 */
module dev.quorate.examples {
  requires dev.quorate.raft.engine;
}
