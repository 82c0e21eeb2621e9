/**
 * What changes the chat: the commands of the replicated log, as JSON records with a kind and a
 * version. A command that exists is valid by itself: its constructor checks every rule that needs
 * no state, both where it is proposed and where it is read back to be applied. Bounds that decide a
 * result are constants here, because they belong to a command's version: another bound is another
 * version.
 *
 * <p>A record with more than one constructor tells JSON Binding by {@code JsonbCreator} which one
 * takes all components.
 */
package dev.quorate.chat.command;
