package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Goal;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The payload of an entry that holds a configuration.
 *
 * <pre>
 * bytes      field
 *     1      format version, 1
 *    16      cluster id
 *            members: voters, outgoing voters, learners
 *     1      whether there is a goal
 *            members, if there is: its voters, its learners
 *    16      change: origin, number
 *     4      how many were removed
 *   1 + n      id
 *     8        incarnation
 *
 * members, a list sorted by id
 *     4      how many
 *   1 + n      id
 *     8        incarnation
 *   2 + n      host, UTF-8
 *     2        port
 * </pre>
 */
public final class ConfigurationCodec {

  private static final int VERSION = 1;
  private static final int SMALLEST_ID = 1 + 1 + Long.BYTES;
  private static final int SMALLEST_MEMBER = SMALLEST_ID + 2 + 1 + 2;

  private ConfigurationCodec() {}

  /** The configuration in bytes. */
  public static ByteBuffer encode(Configuration configuration) {
    Writer writer = new Writer(512);
    write(writer, configuration);
    return writer.done();
  }

  static void write(Writer writer, Configuration configuration) {
    writer.u8(VERSION).clusterId(configuration.clusterId());
    write(writer, configuration.voters());
    write(writer, configuration.outgoing());
    write(writer, configuration.learners());
    writer.u8(configuration.goal().isPresent() ? 1 : 0);
    configuration
        .goal()
        .ifPresent(
            goal -> {
              write(writer, goal.voters());
              write(writer, goal.learners());
            });
    writer.i64(configuration.change().origin()).i64(configuration.change().number());
    writer.i32(configuration.removed().size());
    configuration.removed().forEach(id -> writer.name(id.node()).i64(id.incarnation()));
  }

  private static void write(Writer writer, List<Member> members) {
    writer.i32(members.size());
    for (Member member : members) {
      writer.name(member.id()).i64(member.incarnation());
      writer.address(member.address());
    }
  }

  /**
   * Reads the configuration that fills the rest of a buffer.
   *
   * @throws DecodeException if the rest is not exactly one configuration
   */
  public static Configuration decode(ByteBuffer payload) throws DecodeException {
    Reader reader = new Reader(payload.duplicate());
    Configuration configuration = configuration(reader);
    reader.end();
    return configuration;
  }

  static Configuration configuration(Reader reader) throws DecodeException {
    int version = reader.u8();
    if (version != VERSION) {
      throw new DecodeException("configuration format " + version + " is not known, only 1 is");
    }
    ClusterId clusterId = reader.clusterId();
    List<Member> voters = voters(reader);
    List<Member> outgoing = read(reader);
    List<Member> learners = read(reader);
    Optional<Goal> goal =
        reader.flags(1) == 0
            ? Optional.empty()
            : Optional.of(new Goal(voters(reader), read(reader)));
    ChangeId change = new ChangeId(reader.i64(), reader.i64());
    int count = reader.count(SMALLEST_ID);
    List<MemberId> removed = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      removed.add(new MemberId(reader.name(), reader.i64()));
    }
    if (goal.isPresent() && !outgoing.isEmpty()) {
      throw new DecodeException("a joint configuration with a goal");
    }
    return new Configuration(clusterId, voters, outgoing, learners, goal, change, removed);
  }

  private static List<Member> voters(Reader reader) throws DecodeException {
    List<Member> voters = read(reader);
    if (voters.isEmpty()) {
      throw new DecodeException("a configuration without a voter");
    }
    return voters;
  }

  private static List<Member> read(Reader reader) throws DecodeException {
    int count = reader.count(SMALLEST_MEMBER);
    List<Member> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Member member = member(reader);
      if (i > 0 && members.get(i - 1).id().compareTo(member.id()) >= 0) {
        throw new DecodeException("members are not sorted at " + member.id());
      }
      members.add(member);
    }
    return members;
  }

  private static Member member(Reader reader) throws DecodeException {
    NodeId id = reader.name();
    long incarnation = reader.i64();
    if (incarnation == 0) {
      throw new DecodeException("member " + id + " has no incarnation");
    }
    return new Member(id, incarnation, reader.address());
  }
}
