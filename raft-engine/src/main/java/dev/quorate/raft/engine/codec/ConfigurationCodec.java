package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Goal;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The payload of an entry that holds a configuration.
 *
 * <pre>
 * bytes      field
 *     1      format version: 1 where all feature levels are 1, else 2
 *    16      cluster id
 *     2      feature level of the group, in version 2 only
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
 *     2        feature level, in version 2 only
 * </pre>
 */
public final class ConfigurationCodec {

  private static final int VERSION = 1;
  private static final int WITH_LEVELS = 2;
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
    boolean levels = hasLevels(configuration);
    writer.u8(levels ? WITH_LEVELS : VERSION).clusterId(configuration.clusterId());
    if (levels) {
      writer.u16(configuration.level());
    }
    write(writer, configuration.voters(), levels);
    write(writer, configuration.outgoing(), levels);
    write(writer, configuration.learners(), levels);
    writer.u8(configuration.goal().isPresent() ? 1 : 0);
    configuration
        .goal()
        .ifPresent(
            goal -> {
              write(writer, goal.voters(), levels);
              write(writer, goal.learners(), levels);
            });
    writer.i64(configuration.change().origin()).i64(configuration.change().number());
    writer.i32(configuration.removed().size());
    configuration.removed().forEach(id -> writer.name(id.node()).i64(id.incarnation()));
  }

  /** Whether anybody has declared a level: the group's own is no higher than that. */
  private static boolean hasLevels(Configuration configuration) {
    Stream<Member> goal =
        configuration.goal().stream()
            .flatMap(wanted -> Stream.concat(wanted.voters().stream(), wanted.learners().stream()));
    return Stream.concat(configuration.members().stream(), goal)
        .anyMatch(member -> member.level() > FeatureLevel.FIRST);
  }

  private static void write(Writer writer, List<Member> members, boolean levels) {
    writer.i32(members.size());
    for (Member member : members) {
      writer.name(member.id()).i64(member.incarnation());
      writer.address(member.address());
      if (levels) {
        writer.u16(member.level());
      }
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
    if (version != VERSION && version != WITH_LEVELS) {
      throw new DecodeException(
          "configuration format " + version + " is not known, only 1 and 2 are");
    }
    boolean levels = version == WITH_LEVELS;
    ClusterId clusterId = reader.clusterId();
    int level = level(reader, levels);
    List<Member> voters = voters(reader, levels);
    List<Member> outgoing = read(reader, levels);
    List<Member> learners = read(reader, levels);
    Optional<Goal> goal =
        reader.flags(1) == 0
            ? Optional.empty()
            : Optional.of(new Goal(voters(reader, levels), read(reader, levels)));
    ChangeId change = new ChangeId(reader.i64(), reader.i64());
    int count = reader.count(SMALLEST_ID);
    List<MemberId> removed = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      removed.add(new MemberId(reader.name(), reader.i64()));
    }
    if (goal.isPresent() && !outgoing.isEmpty()) {
      throw new DecodeException("a joint configuration with a goal");
    }
    if (level > Configuration.lowest(voters, outgoing, learners)) {
      throw new DecodeException("the group is of level " + level + ", which a member is not");
    }
    return new Configuration(clusterId, level, voters, outgoing, learners, goal, change, removed);
  }

  private static int level(Reader reader, boolean levels) throws DecodeException {
    int level = levels ? reader.u16() : FeatureLevel.FIRST;
    if (level < FeatureLevel.FIRST) {
      throw new DecodeException("feature level " + level + " is below 1");
    }
    return level;
  }

  private static List<Member> voters(Reader reader, boolean levels) throws DecodeException {
    List<Member> voters = read(reader, levels);
    if (voters.isEmpty()) {
      throw new DecodeException("a configuration without a voter");
    }
    return voters;
  }

  private static List<Member> read(Reader reader, boolean levels) throws DecodeException {
    int count = reader.count(SMALLEST_MEMBER);
    List<Member> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Member member = member(reader, levels);
      if (i > 0 && members.get(i - 1).id().compareTo(member.id()) >= 0) {
        throw new DecodeException("members are not sorted at " + member.id());
      }
      members.add(member);
    }
    return members;
  }

  private static Member member(Reader reader, boolean levels) throws DecodeException {
    NodeId id = reader.name();
    long incarnation = reader.i64();
    if (incarnation == 0) {
      throw new DecodeException("member " + id + " has no incarnation");
    }
    return new Member(id, incarnation, reader.address(), level(reader, levels));
  }
}
