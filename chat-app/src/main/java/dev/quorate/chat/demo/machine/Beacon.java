package dev.quorate.chat.demo.machine;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The datagram by which machines of one demo find each other: one line of text.
 *
 * @param kind whether it asks or answers
 * @param cluster the cluster's name: other demos in the same network are none of our business
 * @param machine which half of the cluster the sender runs
 * @param sender a random id of the sending process, so that nobody takes itself for the other one
 */
record Beacon(Kind kind, String cluster, int machine, String sender) {

  /** Why the datagram is sent. */
  enum Kind {
    /** "Who else is there?" */
    ASK,
    /** "I am." Never answered, so that two demos do not talk for ever. */
    ANSWER
  }

  /** No beacon is longer; what is longer was not sent by a demo. */
  static final int MAX_BYTES = 512;

  private static final Pattern LINE =
      Pattern.compile(
          "quorate-demo/1 (ASK|ANSWER) machine=([12]) sender=([0-9a-f]{16}) (.{1,300})");

  byte[] encode() {
    String line =
        "quorate-demo/1 " + kind + " machine=" + machine + " sender=" + sender + " " + cluster;
    return line.getBytes(StandardCharsets.UTF_8);
  }

  /** Empty for anything that is not a beacon of this version. */
  static Optional<Beacon> decode(byte[] bytes, int length) {
    Matcher line = LINE.matcher(new String(bytes, 0, length, StandardCharsets.UTF_8));
    if (!line.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Beacon(
            Kind.valueOf(line.group(1)),
            line.group(4),
            Integer.parseInt(line.group(2)),
            line.group(3)));
  }
}
