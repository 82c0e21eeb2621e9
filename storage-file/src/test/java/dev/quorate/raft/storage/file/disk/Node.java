package dev.quorate.raft.storage.file.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A file or a directory: what all see, what is on the disk, and what separates the two, in its
 * order.
 */
abstract sealed class Node {

  /** The path under which it was last opened or renamed. */
  String name = "";

  /** Everything pending becomes durable. */
  abstract void force();

  /** Everything pending is marked as done and is not: what a failed force leaves. */
  abstract void forget();

  /** What is there after a loss of power; any part of what is pending may have reached the disk. */
  abstract Node afterPowerLoss(Random random);

  /** A file. */
  static final class Data extends Node {

    private static final int SECTOR = 512;

    private byte[] seen = new byte[0];
    private byte[] durable = new byte[0];
    private final List<Write> pending = new ArrayList<>();
    boolean locked;

    private record Write(int offset, byte[] bytes) {
      int end() {
        return offset + bytes.length;
      }
    }

    byte[] seen() {
      return seen;
    }

    void set(byte[] bytes) {
      seen = bytes.clone();
      durable = bytes.clone();
      pending.clear();
    }

    void truncate() {
      set(new byte[0]);
    }

    void write(int offset, byte[] bytes) {
      Write write = new Write(offset, bytes);
      pending.add(write);
      seen = put(seen, write, offset, write.end());
    }

    private static byte[] put(byte[] to, Write write, int from, int end) {
      int first = Math.max(from, write.offset);
      int last = Math.min(end, write.end());
      if (first >= last) {
        return to;
      }
      byte[] result = last > to.length ? Arrays.copyOf(to, last) : to;
      System.arraycopy(write.bytes, first - write.offset, result, first, last - first);
      return result;
    }

    @Override
    void force() {
      for (Write write : pending) {
        durable = put(durable, write, write.offset, write.end());
      }
      pending.clear();
    }

    @Override
    void forget() {
      pending.clear();
    }

    @Override
    Data afterPowerLoss(Random random) {
      byte[] result = durable.clone();
      int end = pending.stream().mapToInt(Write::end).max().orElse(0);
      for (int sector = 0; sector < end; sector += SECTOR) {
        int reached = random.nextInt(pending.size() + 1);
        for (Write write : pending.subList(0, reached)) {
          result = put(result, write, sector, sector + SECTOR);
        }
      }
      Data data = new Data();
      data.set(result);
      return data;
    }
  }

  /** A directory. */
  static final class Directory extends Node {

    private final Map<String, Node> seen = new TreeMap<>();
    private final Map<String, Node> durable = new TreeMap<>();
    private final List<Consumer<Map<String, Node>>> pending = new ArrayList<>();

    Map<String, Node> seen() {
      return seen;
    }

    /** Puts a node there, or none, in what is seen and on the disk. */
    void set(String name, Node node) {
      for (Map<String, Node> names : List.of(seen, durable)) {
        if (node == null) {
          names.remove(name);
        } else {
          names.put(name, node);
        }
      }
    }

    void change(Consumer<Map<String, Node>> change) {
      change.accept(seen);
      pending.add(change);
    }

    @Override
    void force() {
      pending.forEach(change -> change.accept(durable));
      pending.clear();
    }

    @Override
    void forget() {
      pending.clear();
    }

    @Override
    Directory afterPowerLoss(Random random) {
      Map<String, Node> names = new TreeMap<>(durable);
      // Any of the changes, in their order: nothing promises that an earlier one came first.
      pending.stream().filter(change -> random.nextBoolean()).forEach(c -> c.accept(names));
      Directory result = new Directory();
      names.forEach((name, node) -> result.seen.put(name, node.afterPowerLoss(random)));
      result.durable.putAll(result.seen);
      return result;
    }
  }
}
