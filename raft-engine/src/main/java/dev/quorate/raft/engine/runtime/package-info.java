/**
 * The node around the core: actors that each own their data and never block each other.
 *
 * <pre>
 * LocalNode (a user's calls) ─┐
 * FrameGate (peers' frames)  ─┼─► NodeLoop ─► Formation, then RaftCore ─► Effects
 * timer, LogWriter, Applier  ─┘      │
 *                                    ├─ Outbound  ─► Transport   at once, or when a write is durable
 *                                    ├─ LogWriter ─► Storage     one force for all that wait
 *                                    ├─ Applier   ─► StateMachine ─► the caller's future
 *                                    ├─ LogReader ─► Storage     for peers that are far behind
 *                                    └─ SnapshotActors ─► Storage, and to and from other nodes
 * </pre>
 *
 * <p>An actor is a {@link dev.quorate.raft.engine.runtime.Mailbox}: a task that an executor runs
 * when there is something to do, never a thread of its own. What differs between production and
 * simulation (executors, clocks, timers, randomness) is {@link
 * dev.quorate.raft.engine.runtime.Environment}; this package takes none of it from anywhere else.
 */
package dev.quorate.raft.engine.runtime;
