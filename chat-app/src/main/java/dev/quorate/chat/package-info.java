/** A replicated chat that shows the engine at work. */
package dev.quorate.chat;
