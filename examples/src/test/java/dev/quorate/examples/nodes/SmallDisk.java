package dev.quorate.examples.nodes;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system of its own, which a test fills up or breaks. It takes Linux and root to mount one;
 * elsewhere the test is skipped, except in CI, which has to have both.
 */
final class SmallDisk implements AutoCloseable {

  private static final int MIB = 1 << 20;
  private static final int SECTOR = 512;

  private final Path root;
  private final Path below;
  private final Deque<Path> mounted = new ArrayDeque<>();

  private SmallDisk(Path root, Path below) {
    this.root = root;
    this.below = below;
  }

  /** A disk that can be filled up: what is written to it fails for want of space. */
  static SmallDisk inMemory(Path at, int mebibytes) throws IOException {
    needRoot();
    SmallDisk disk = new SmallDisk(at, at);
    disk.mount("-t", "tmpfs", "-o", "size=" + mebibytes + "m", "none", at);
    return disk;
  }

  /**
   * A disk below which there is another that can be filled up: then it breaks as soon as it needs
   * one of the blocks that it has promised and that are not there.
   */
  static SmallDisk overcommitted(Path at, int mebibytes) throws IOException {
    needRoot();
    Path below = at.resolveSibling(at.getFileName() + ".below");
    SmallDisk disk = new SmallDisk(at, below);
    disk.mount("-t", "tmpfs", "-o", "size=" + mebibytes + "m", "none", below);
    disk.format(4 * mebibytes);
    return disk;
  }

  /** A disk with a journal, that can be told to give itself up, as if writing that had failed. */
  static SmallDisk journaled(Path at, int mebibytes) throws IOException {
    needRoot();
    Path below = at.resolveSibling(at.getFileName() + ".below");
    SmallDisk disk = new SmallDisk(at, below);
    Files.createDirectories(below);
    disk.format(mebibytes);
    return disk;
  }

  /** From now on nothing can be written or forced. It must be journaled. */
  void giveUp() throws IOException {
    String device =
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .map(mount -> mount.split(" "))
            .filter(fields -> fields[1].equals(root.toString()))
            .map(fields -> fields[0].substring(fields[0].lastIndexOf('/') + 1))
            .findFirst()
            .orElseThrow();
    Files.writeString(Path.of("/sys/fs/ext4", device, "trigger_fs_error"), "1");
  }

  /** Unmounts and mounts it: what it had forced is there. */
  void mountAgain() throws IOException {
    run("umount", mounted.pop().toString());
    mountImage();
  }

  /**
   * A disk that can be told to lose a part of itself. It has no journal: what is written to it must
   * be near its beginning, with the names, for a while to come.
   */
  static SmallDisk brittle(Path at, int mebibytes) throws IOException {
    needRoot();
    Path below = at.resolveSibling(at.getFileName() + ".below");
    SmallDisk disk = new SmallDisk(at, below);
    Files.createDirectories(below);
    disk.format(mebibytes, "-O", "^has_journal");
    return disk;
  }

  /** Mounts an image of so many MiB that is made with these options; unmounts all if it fails. */
  private void format(int mebibytes, String... options) throws IOException {
    List<String> make = new ArrayList<>(List.of("mkfs.ext4", "-q", "-F"));
    make.addAll(List.of(options));
    make.add(image().toString());
    boolean complete = false;
    try {
      run("truncate", "-s", mebibytes + "M", image().toString());
      run(make.toArray(String[]::new));
      mountImage();
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  private void mountImage() throws IOException {
    mount("-o", "loop,errors=remount-ro", image().toString(), root);
  }

  /**
   * Lets the sectors from the beginning of a file to the end of the disk be lost, so that the
   * kernel answers reads of them with an error. The file must be forced and closed.
   */
  void loseFrom(Path file) throws IOException {
    byte[] beginning = new byte[SECTOR];
    try (InputStream in = Files.newInputStream(file)) {
      assertThat(in.readNBytes(beginning, 0, SECTOR)).isEqualTo(SECTOR);
    }
    try (FileChannel image = FileChannel.open(image(), READ, WRITE)) {
      ByteBuffer content = image.map(MapMode.READ_ONLY, 0, image.size());
      int at = 0;
      while (!content.slice(at, SECTOR).equals(ByteBuffer.wrap(beginning))) {
        at += SECTOR;
      }
      image.truncate(at);
    }
    // What the kernel has in memory it would not ask the disk for.
    run("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
  }

  private Path image() {
    return below.resolve("image");
  }

  private static void needRoot() throws IOException {
    boolean isRoot =
        Files.exists(Path.of("/proc/self/mounts"))
            && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    if (!isRoot) {
      String missing = "a disk can be mounted on Linux and by root only";
      if (Boolean.getBoolean("quorate.ci")) {
        fail(missing);
      }
      abort(missing);
    }
  }

  Path root() {
    return root;
  }

  /** Leaves no byte of space. */
  void fill() throws IOException {
    byte[] zeros = new byte[MIB];
    try (OutputStream ballast = Files.newOutputStream(ballast())) {
      for (int length = MIB; length > 0; ) {
        try {
          ballast.write(zeros, 0, length);
        } catch (IOException full) {
          length /= 2;
        }
      }
    }
    assertThat(Files.size(ballast())).as("what filled the disk").isPositive();
  }

  /** Gives the space back. */
  void empty() throws IOException {
    Files.delete(ballast());
  }

  private Path ballast() {
    return below.resolve("ballast");
  }

  private void mount(Object... arguments) throws IOException {
    Path at = (Path) arguments[arguments.length - 1];
    Files.createDirectories(at);
    String[] command = new String[arguments.length + 1];
    command[0] = "mount";
    for (int i = 0; i < arguments.length; i++) {
      command[i + 1] = arguments[i].toString();
    }
    run(command);
    mounted.push(at);
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + String.join(" ", command) + " ran", e);
    }
    assertThat(process.exitValue()).as("%s: %s", String.join(" ", command), said).isZero();
  }

  @Override
  public void close() throws IOException {
    while (!mounted.isEmpty()) {
      run("umount", "-l", mounted.pop().toString());
    }
  }
}
