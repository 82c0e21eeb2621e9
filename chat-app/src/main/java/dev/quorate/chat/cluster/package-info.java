/** The cluster file: which nodes there are, where they listen, and how they are set up. */
package dev.quorate.chat.cluster;
