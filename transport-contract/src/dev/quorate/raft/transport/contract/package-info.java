/**
 * What every transport must do, as tests over real loopback sockets.
 *
 * <p>This folder is no module of its own: each transport compiles it with its own tests (see {@code
 * build-helper-maven-plugin} there) and extends {@link
 * dev.quorate.raft.transport.contract.TransportContract}.
 */
package dev.quorate.raft.transport.contract;
