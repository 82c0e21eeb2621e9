package dev.quorate.raft.tools.recover;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.storage.file.Identity;
import java.util.List;
import java.util.Optional;

/**
 * A group of a node whose peers are lost, as its log was found.
 *
 * @param identity whose disk it is
 * @param group the group's id
 * @param log what the log holds
 * @param committed the last index that is known to be committed: a snapshot has its effect
 * @param lastClusterTime the newest stamp of the cluster's time
 * @param configuration the configuration in effect at the end of the log
 */
record Survivor(
    Identity identity,
    String group,
    RecoveredLog log,
    long committed,
    long lastClusterTime,
    Configuration configuration) {

  /** This node as the configuration names it; empty if that does not know this disk. */
  Optional<Member> self() {
    return configuration.member(new MemberId(NodeId.of(identity.node()), identity.incarnation()));
  }

  /** The other members, which are given up. */
  List<Member> others() {
    return configuration.members().stream()
        .filter(member -> !member.id().value().equals(identity.node()))
        .toList();
  }

  /** Whether this node is all there is, so that nothing is to be done. */
  boolean isAlone() {
    return others().isEmpty() && self().isPresent() && !configuration.voters().isEmpty();
  }

  long lastTerm() {
    List<RecoveredLog.TermStart> terms = log.terms();
    return terms.isEmpty() ? log.baseTerm() : terms.get(terms.size() - 1).term();
  }

  /**
   * What makes a cluster of this node alone: as the leader of a new term, for which it votes, it
   * appends a configuration that names nobody else, and another cluster, whose members' frames
   * those of the old one refuse and the other way round. One batch: it is there as a whole or not
   * at all.
   */
  List<WriteRecord> newCluster(ClusterId id, long wallTimeMillis) {
    Member self = self().orElseThrow();
    long term = Math.addExact(Math.max(log.hardState().term(), lastTerm()), 1);
    LogEntry entry =
        LogEntry.of(
            LogEntry.Type.CONFIGURATION,
            log.lastIndex() + 1,
            term,
            lastClusterTime,
            wallTimeMillis,
            ConfigurationCodec.encode(
                Configuration.ofVoters(id, configuration.level(), List.of(self))));
    return List.of(
        new WriteRecord.SetHardState(
            new HardState(term, Optional.of(self.id()), self.incarnation())),
        new WriteRecord.Append(List.of(entry)));
  }
}
