/** The command line of {@code bin/chat}. */
package dev.quorate.chat.cli;
