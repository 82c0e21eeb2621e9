package dev.quorate.chat.result;

/** A message as both its parties see it; {@code read} is about the recipient. */
public record MessageView(
    long id, String sender, String recipient, String content, long sentAt, boolean read) {}
