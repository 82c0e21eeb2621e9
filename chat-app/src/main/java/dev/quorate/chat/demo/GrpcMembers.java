package dev.quorate.chat.demo;

import dev.quorate.chat.demo.machine.Layout;
import dev.quorate.chat.member.MemberClient;
import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.MemberChange;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import dev.quorate.raft.api.Address;
import java.time.Duration;
import java.util.List;

/** Asks the nodes of this machine, which serve it alone. */
final class GrpcMembers implements Members {

  /** A node that comes back empty is sent everything. */
  private static final Duration WITHIN = Duration.ofSeconds(60);

  private final Layout layout;

  GrpcMembers(Layout layout) {
    this.layout = layout;
  }

  @Override
  public Result readmit(int node) {
    List<Address> others =
        layout.local().stream()
            .filter(place -> place.node() != node)
            .map(place -> new Address(place.host(), place.chatPort()))
            .toList();
    if (others.isEmpty()) {
      return Result.newBuilder()
          .setOutcome(Outcome.OUTCOME_UNAVAILABLE)
          .setCause(Cause.CAUSE_NOT_REACHED)
          .setMessage("no other node runs on this machine; type it on the other one")
          .build();
    }
    return new MemberClient(layout.cluster().cluster(), others)
        .change(MemberChange.MEMBER_CHANGE_READMIT, node, WITHIN);
  }
}
