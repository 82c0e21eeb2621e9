/** The contracts, passed by plug-ins made from the Javadoc and failed by those with a fault. */
package dev.quorate.raft.testkit.contract;
