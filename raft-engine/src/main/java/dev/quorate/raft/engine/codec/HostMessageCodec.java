package dev.quorate.raft.engine.codec;

import dev.quorate.raft.engine.message.Message.HostAnswer;
import dev.quorate.raft.engine.message.Message.HostBeat;
import dev.quorate.raft.engine.message.Message.HostMessage;
import dev.quorate.raft.engine.message.Quiet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What hosts say to each other, in bytes, behind the number of the kind. */
public final class HostMessageCodec {

  /** The most that one group takes: its name, a term and an index. */
  public static final int MAX_GROUP_BYTES = 1 + 64 + 2 * Long.BYTES;

  static final int HOST_BEAT = 23;
  static final int HOST_ANSWER = 24;

  private static final int SMALLEST_NAME = 2;

  private HostMessageCodec() {}

  static void write(Writer to, HostMessage message) {
    if (message instanceof HostBeat beat) {
      to.u8(HOST_BEAT).i64(beat.sentNanos()).i64(beat.version());
      to.u8(beat.groups().isPresent() ? 1 : 0);
      beat.groups().ifPresent(groups -> write(to, groups));
    } else {
      HostAnswer answer = (HostAnswer) message;
      to.u8(HOST_ANSWER).i64(answer.boot()).i64(answer.sentNanos()).i64(answer.version());
      to.i32(answer.awake().size());
      answer.awake().forEach(to::name);
    }
  }

  private static void write(Writer to, SortedMap<String, Quiet> groups) {
    to.i32(groups.size());
    groups.forEach((group, quiet) -> to.name(group).i64(quiet.term()).i64(quiet.index()));
  }

  static HostBeat beat(Reader from) throws DecodeException {
    long sentNanos = from.i64();
    long version = from.natural("version");
    return new HostBeat(
        sentNanos, version, from.flags(1) == 0 ? Optional.empty() : Optional.of(groups(from)));
  }

  private static SortedMap<String, Quiet> groups(Reader from) throws DecodeException {
    int count = from.count(SMALLEST_NAME + 2 * Long.BYTES);
    TreeMap<String, Quiet> groups = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      groups.put(from.name().value(), new Quiet(from.natural("term"), from.natural("index")));
    }
    return groups;
  }

  static HostAnswer answer(Reader from) throws DecodeException {
    return new HostAnswer(from.i64(), from.i64(), from.natural("version"), names(from));
  }

  private static SortedSet<String> names(Reader from) throws DecodeException {
    int count = from.count(SMALLEST_NAME);
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      names.add(from.name().value());
    }
    return names;
  }
}
