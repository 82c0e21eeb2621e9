/**
 * How a client outside the cluster finds who serves it: which node it connects to, what is on its
 * way to whom, and what is tried again. Pure like {@link dev.quorate.raft.engine.core}: times and
 * randomness are handed in, and what is to be done is handed out.
 */
package dev.quorate.raft.engine.routing;
