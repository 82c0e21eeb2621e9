/**
 * Whether a data directory is sound: {@link dev.quorate.raft.tools.verify.Verification} puts every
 * group to every rule, one class each, and keeps the first offence of each kind.
 */
package dev.quorate.raft.tools.verify;
