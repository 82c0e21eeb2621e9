package dev.quorate.raft.engine.formation;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Message.MembershipNotice;
import dev.quorate.raft.engine.message.Peer;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A node with an empty disk that waits to be let into a cluster that is there: what it was told of
 * that cluster's members. It asks all of them, because only the leader can let it in.
 */
final class Joining {

  private final Peer self;
  private final String why;
  private Optional<Known> known = Optional.empty();
  private Optional<MembershipNotice> newest = Optional.empty();

  /** The first entry of the cluster that the node waits for. */
  private record Known(LogEntry record, ClusterId clusterId) {}

  /** A node that waits, for that reason. */
  Joining(Peer self, String why) {
    this.self = self;
    this.why = why;
  }

  /** A member tells how its cluster began. */
  void onRecord(LogEntry record, ClusterId clusterId) {
    known = Optional.of(new Known(record, clusterId));
  }

  /** A member tells which configuration is committed. */
  void onNotice(MembershipNotice notice) {
    if (notice.boot() == self.boot()
        && newest.filter(known -> known.index() >= notice.index()).isEmpty()) {
      newest = Optional.of(notice);
    }
  }

  /** Whether a member has told anything. */
  boolean isAnswered() {
    return known.isPresent() || newest.isPresent();
  }

  /** How the cluster began and who is in it now, once this node is. */
  Optional<Formation.Admission> admitted() {
    return newest
        .filter(notice -> notice.configuration().isMember(self.key()))
        .filter(notice -> known.isPresent())
        .filter(notice -> notice.configuration().clusterId().equals(known.get().clusterId()))
        .map(notice -> new Formation.Admission(known.get().record(), notice));
  }

  /** Where the members are, as far as that was told. */
  SortedMap<NodeId, Address> members() {
    SortedMap<NodeId, Address> addresses = new TreeMap<>();
    newest.ifPresent(
        notice -> {
          for (Member member : notice.configuration().members()) {
            addresses.put(member.id(), member.address());
          }
        });
    addresses.remove(self.id());
    return addresses;
  }

  /** What the node waits for, for people. */
  String condition() {
    return newest
        .map(MembershipNotice::configuration)
        .map(Configuration::voters)
        .map(
            voters ->
                why
                    + "; the voters are "
                    + voters.stream().map(Member::id).toList()
                    + ". The node waits to be added")
        .orElse(why + ". The node waits to be added");
  }
}
