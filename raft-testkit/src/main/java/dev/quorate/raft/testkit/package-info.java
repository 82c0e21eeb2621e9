/** What users of the test kit compile against. */
package dev.quorate.raft.testkit;
