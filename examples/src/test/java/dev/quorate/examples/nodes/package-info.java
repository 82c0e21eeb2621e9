/**
 * What nodes do to each other over real sockets and with real files: transfers, moves, newcomers.
 */
package dev.quorate.examples.nodes;
