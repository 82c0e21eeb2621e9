/** Nodes in processes of their own, for tests that stop and kill them. */
package dev.quorate.examples.process;
