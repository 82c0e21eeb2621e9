package dev.quorate.raft.storage.file;

import dev.quorate.raft.testkit.disk.DiskFault;
import dev.quorate.raft.testkit.disk.DiskOperation;
import dev.quorate.raft.testkit.disk.SimulatedDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A simulated disk that notes what is done to it, fails where it is told to, and of which many ends
 * can be tried: each is a disk of its own.
 */
final class Disk {

  private final SimulatedDisk simulated;
  private final List<String> operations = new ArrayList<>();
  private Predicate<String> failing = operation -> false;
  private String denied = "";

  Disk() {
    this(SimulatedDisk.create(0));
  }

  private Disk(SimulatedDisk simulated) {
    this.simulated = simulated;
    simulated.plan(this::at);
  }

  private DiskFault at(DiskOperation operation) {
    String text = operation.toString();
    if (operation.changes()) {
      operations.add(text);
    }
    if (operation.kind() == DiskOperation.Kind.OPEN && operation.path().equals(denied)) {
      return DiskFault.ACCESS_DENIED;
    }
    return failing.test(text) ? DiskFault.IO_ERROR : DiskFault.NONE;
  }

  Path path(String path) {
    return simulated.path(path);
  }

  /** Dies at the operation with this number, counted from now. */
  void crashAt(int operation) {
    simulated.crashAt(operation);
  }

  /** Operations whose description fits fail. */
  void fail(Predicate<String> operation) {
    failing = operation;
  }

  /** A directory or file that may not be opened. */
  void deny(String path) {
    denied = path;
  }

  int openChannels() {
    return simulated.openChannels();
  }

  void free(long bytes) {
    simulated.freeSpace(bytes);
  }

  /** What was done, in order. */
  List<String> operations() {
    return List.copyOf(operations);
  }

  /** This disk after the process was killed; the page cache is kept. */
  Disk killed() {
    simulated.kill();
    return new Disk(simulated);
  }

  /** A copy of this disk after the loss of power; this one lives on. */
  Disk powerLost(long seed) {
    SimulatedDisk copy = simulated.copy(seed);
    copy.losePower();
    return new Disk(copy);
  }

  /** A copy, as if the process had been killed, on which experiments do not disturb this disk. */
  Disk copy() {
    return new Disk(simulated.copy(0));
  }

  /** All files with their content. */
  Map<String, byte[]> files() {
    Map<String, byte[]> found = new TreeMap<>();
    simulated.files().keySet().forEach(file -> found.put(file, simulated.content(file)));
    return found;
  }

  void put(String path, byte[] content) {
    simulated.put(path, content);
  }

  void remove(String path) {
    simulated.remove(path);
  }
}
