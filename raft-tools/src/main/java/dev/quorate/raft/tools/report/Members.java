package dev.quorate.raft.tools.report;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Member;
import java.util.List;

/** Nodes and configurations as people read them. */
public final class Members {

  private Members() {}

  /** A line with the configuration in an entry, or with why it cannot be read. */
  public static Line with(Line line, LogEntry entry) {
    Configuration configuration;
    try {
      configuration = ConfigurationCodec.decode(entry.payload());
    } catch (DecodeException e) {
      return line.with("unreadable", e.getMessage());
    }
    return with(line, configuration);
  }

  /** A line with a configuration. */
  public static Line with(Line line, Configuration configuration) {
    Line known =
        configuration.level() == FeatureLevel.FIRST
            ? line
            : line.with("feature-level", configuration.level());
    return known
        .with("cluster-id", configuration.clusterId().toString())
        .with("voters", names(configuration.voters()))
        .with("outgoing", names(configuration.outgoing()))
        .with("learners", names(configuration.learners()));
  }

  private static List<String> names(List<Member> members) {
    return members.stream().map(Members::name).toList();
  }

  /** A member: its id, its address and its disk. */
  public static String name(Member member) {
    return String.format("%s@%s/%016x", member.id(), member.address(), member.incarnation());
  }

  /** A line with a term and the vote in it. */
  public static Line with(Line line, HardState state) {
    return line.with("term", state.term())
        .with(
            "vote",
            state
                .votedFor()
                .map(node -> String.format("%s/%016x", node, state.votedIncarnation()))
                .orElse("none"));
  }
}
