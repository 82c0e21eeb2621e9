/** Snapshots over real sockets and real files, also such as are longer than a node's memory. */
package dev.quorate.examples.snapshot;
