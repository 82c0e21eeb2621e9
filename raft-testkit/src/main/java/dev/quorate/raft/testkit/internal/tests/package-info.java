/**
 * What tests wait with and listen with: those of the contracts, and those that our plug-ins have
 * beside. Not exported.
 */
package dev.quorate.raft.testkit.internal.tests;
