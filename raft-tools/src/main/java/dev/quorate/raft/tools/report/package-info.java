/** What the commands say: lines of named values, for people or as JSON, one object a line. */
package dev.quorate.raft.tools.report;
