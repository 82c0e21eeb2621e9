package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.core.Validation;
import dev.quorate.raft.engine.message.Proposal;
import dev.quorate.raft.engine.message.SessionRequest;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What the user's state machine says of commands before they are appended. A command that makes it
 * throw is refused: whatever is wrong, the log must not have it.
 */
final class Validated implements Validation {

  private final StateMachine stateMachine;
  private final RateLimitedLog log;

  Validated(StateMachine stateMachine, RateLimitedLog log) {
    this.stateMachine = stateMachine;
    this.log = log;
  }

  @Override
  public Optional<String> refusal(Proposal proposal) {
    return switch (proposal.type()) {
      case COMMAND -> ofCommand(proposal.payload());
      case SESSION -> ofSession(proposal.payload());
      default -> Optional.empty();
    };
  }

  private Optional<String> ofSession(ByteBuffer payload) {
    try {
      return SessionCodec.decode(payload) instanceof SessionRequest.Command command
          ? ofCommand(command.command())
          : Optional.empty();
    } catch (DecodeException e) {
      return Optional.of("this leader cannot read the session's request: " + e.getMessage());
    }
  }

  /**
   * Nothing was changed, so that an error is no more than a refusal, even of a stack that was too
   * small for a command. Only what else befalls the machine halts the node (rule P15).
   */
  private Optional<String> ofCommand(ByteBuffer command) {
    try {
      Optional<String> refusal = stateMachine.validate(command.asReadOnlyBuffer());
      return refusal != null ? refusal : failed(new NullPointerException("it returned null"));
    } catch (RuntimeException | Error e) {
      if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
        throw e;
      }
      return failed(e);
    }
  }

  private Optional<String> failed(Throwable cause) {
    log.warn("no validation", "StateMachine.validate failed; the command is refused", cause);
    return Optional.of("the state machine could not validate the command: " + cause);
  }
}
