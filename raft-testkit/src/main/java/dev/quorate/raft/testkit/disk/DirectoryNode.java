package dev.quorate.raft.testkit.disk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A directory. A change of its names waits until a force; changes of different names may reach the
 * disk in any order, those of one name in their own.
 */
final class DirectoryNode extends Node {

  /** The kernel writes names back in the end; so many wait at most, which bounds the memory. */
  private static final int WAITING = 1024;

  private final SortedMap<String, Node> seen = new TreeMap<>();
  private final SortedMap<String, Node> disk = new TreeMap<>();
  private final List<Change> pending = new ArrayList<>();

  /**
   * A creation, deletion or renaming.
   *
   * @param removed the name that goes, or empty
   * @param put the name that comes, or empty
   * @param node what comes under it
   */
  private record Change(String removed, String put, Node node) {

    void applyTo(Map<String, Node> names) {
      names.remove(removed);
      if (!put.isEmpty()) {
        if (!removed.isEmpty()) {
          // If the disk has it under an older name than the one that it is renamed from.
          names.values().removeIf(other -> other == node);
        }
        names.put(put, node);
      }
    }

    boolean touches(String name) {
      return name.equals(removed) || name.equals(put);
    }
  }

  SortedMap<String, Node> seen() {
    return Collections.unmodifiableSortedMap(seen);
  }

  void create(String name, Node node) {
    node.moved(child(name));
    change(new Change("", name, node));
  }

  void rename(String from, String to) {
    Node node = seen.get(from);
    node.moved(child(to));
    change(new Change(from, to, node));
  }

  void delete(String name) {
    change(new Change(name, "", null));
  }

  private String child(String name) {
    return path().equals("/") ? "/" + name : path() + "/" + name;
  }

  private void change(Change change) {
    change.applyTo(seen);
    pending.add(change);
    if (pending.size() > WAITING) {
      pending.remove(0).applyTo(disk);
    }
  }

  /** Puts a node there, or none, in what is seen and on the disk. */
  void set(String name, Node node) {
    pending.removeIf(change -> change.touches(name));
    seen.remove(name);
    disk.remove(name);
    if (node != null) {
      node.moved(child(name));
      seen.put(name, node);
      disk.put(name, node);
    }
  }

  @Override
  void moved(String to) {
    super.moved(to);
    seen.forEach((name, node) -> node.moved(child(name)));
  }

  @Override
  boolean pending() {
    return !pending.isEmpty();
  }

  @Override
  void force() {
    pending.forEach(change -> change.applyTo(disk));
    pending.clear();
  }

  @Override
  void forcePartly(RandomGenerator random) {
    List<Change> first = pending.subList(0, random.nextInt(pending.size() + 1));
    first.forEach(change -> change.applyTo(disk));
    first.clear();
  }

  @Override
  void forget() {
    pending.clear();
  }

  @Override
  PowerLoss losePower(RandomGenerator random) {
    PowerLoss loss = pending.isEmpty() ? PowerLoss.NONE : loseNames(random);
    seen.clear();
    seen.putAll(disk);
    for (Map.Entry<String, Node> entry : seen.entrySet()) {
      entry.getValue().moved(child(entry.getKey()));
      loss = loss.plus(entry.getValue().losePower(random));
    }
    return loss;
  }

  private PowerLoss loseNames(RandomGenerator random) {
    Fate fate = Fate.draw(random);
    TreeSet<String> blocked = new TreeSet<>();
    int kept = 0;
    for (Change change : pending) {
      if (blocked.stream().noneMatch(change::touches) && fate.kept(random)) {
        change.applyTo(disk);
        kept++;
      } else {
        blocked.add(change.removed());
        blocked.add(change.put());
        blocked.remove("");
      }
    }
    int lost = pending.size() - kept;
    pending.clear();
    return new PowerLoss(0, 0, 0, 0, 0, kept, lost);
  }

  @Override
  void released() {
    super.released();
    seen.values().forEach(Node::released);
  }

  @Override
  long allocatedPages() {
    return seen.values().stream().mapToLong(Node::allocatedPages).sum();
  }

  @Override
  DirectoryNode copy(Map<Node, Node> done) {
    if (done.get(this) instanceof DirectoryNode copied) {
      return copied;
    }
    DirectoryNode copy = new DirectoryNode();
    done.put(this, copy);
    seen.forEach((name, node) -> copy.seen.put(name, node.copy(done)));
    disk.forEach((name, node) -> copy.disk.put(name, node.copy(done)));
    for (Change change : pending) {
      Node node = change.node() == null ? null : change.node().copy(done);
      copy.pending.add(new Change(change.removed(), change.put(), node));
    }
    copy.moved(path());
    return copy;
  }
}
