/**
 * A blocking client of the chat that knows a list of nodes and needs none of them in particular.
 * {@link dev.quorate.chat.client.ChatClient} is the front door.
 */
package dev.quorate.chat.client;
