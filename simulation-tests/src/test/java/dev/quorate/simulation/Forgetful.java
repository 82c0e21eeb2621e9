package dev.quorate.simulation;

import dev.quorate.chat.result.ConversationPage;
import dev.quorate.chat.result.Result;
import dev.quorate.chat.state.ChatState;
import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.StateMachine;
import java.nio.ByteBuffer;
import java.util.List;

/** A chat that says of every message that it is sent, and shows none. */
final class Forgetful implements StateMachine {

  private final ChatState chat = new ChatState();

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    return chat.apply(context, command);
  }

  @Override
  public byte[] query(ByteBuffer query) {
    byte[] answer = chat.query(query);
    return Result.CODEC.read(ByteBuffer.wrap(answer)) instanceof ConversationPage page
        ? Result.CODEC.write(new ConversationPage(List.of(), 0, page.total(), page.unread()))
        : answer;
  }
}
