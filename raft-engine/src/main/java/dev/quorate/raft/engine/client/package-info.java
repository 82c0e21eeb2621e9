/**
 * The client's half of a session: which command has which number, which are on their way, when one
 * is sent again, and what its caller is told. Pure like {@link dev.quorate.raft.engine.core}: times
 * are handed in, and what is to be sent is handed out.
 */
package dev.quorate.raft.engine.client;
