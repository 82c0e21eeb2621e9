/** One node of the chat as a process: its state machine, its Raft node and its gRPC server. */
package dev.quorate.chat.node;
