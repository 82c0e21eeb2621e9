package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.StorageContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Whose directory it is. Written once, before anything else, and never changed: a directory without
 * it is empty, and one that held logs and lost it is damaged.
 *
 * @param cluster the cluster's name
 * @param node the node's id
 * @param incarnation the number drawn when the directory was first used
 */
public record Identity(String cluster, String node, long incarnation) {

  private static final String FILE = "identity";
  private static final int MAGIC = 0x51524944; // QRID
  private static final short VERSION = 1;
  private static final int VERSION_AT = 4;
  private static final int INCARNATION_AT = 8;
  private static final int NAMES_AT = 16;

  /** Reads the identity of a directory in which one was established. */
  static Identity read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!DurableNames.exists(file)) {
      checkUnused(directory);
      throw new NoSuchFileException(directory + " is no data directory: it has no " + FILE);
    }
    return decode(ChannelIo.readAll(file), file);
  }

  private static void checkUnused(Path directory) throws IOException {
    for (String name : DurableNames.list(directory)) {
      if (GroupFiles.isGroup(name)) {
        throw Damage.at(
            directory.resolve(FILE), 0, "the identity is missing although " + name + " is there");
      }
    }
  }

  /** Reads a directory's identity, or writes it if nothing was ever kept there. */
  static Identity establish(StorageContext context) throws IOException {
    Path directory = context.directory();
    Path file = directory.resolve(FILE);
    Identity wanted =
        new Identity(context.cluster(), context.node().value(), context.newIncarnation());
    if (DurableNames.exists(file)) {
      // Its name may be in the cache only, if its writer was killed between rename and force.
      DurableNames.force(directory);
      Identity found = read(directory);
      found.mustBe(wanted, directory);
      return found;
    }
    checkUnused(directory);
    wanted.write(directory);
    return wanted;
  }

  private void write(Path directory) throws IOException {
    DurableNames.forceAncestors(directory);
    Path fresh = directory.resolve(FILE + GroupFiles.UNFINISHED);
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ChannelIo.writeFully(out, encode(), 0);
      out.force(true);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException("cannot write " + fresh + ": " + e.getMessage(), e);
    }
    DurableNames.publish(fresh, directory.resolve(FILE), directory);
  }

  private ByteBuffer encode() {
    byte[] clusterBytes = cluster.getBytes(StandardCharsets.UTF_8);
    byte[] nodeBytes = node.getBytes(StandardCharsets.UTF_8);
    int length = NAMES_AT + 2 * Integer.BYTES + clusterBytes.length + nodeBytes.length;
    ByteBuffer bytes = ByteBuffer.allocate(length + Integer.BYTES);
    bytes.putInt(MAGIC).putShort(VERSION).putShort((short) 0).putLong(incarnation);
    bytes.putInt(clusterBytes.length).put(clusterBytes);
    bytes.putInt(nodeBytes.length).put(nodeBytes);
    return bytes.putInt(Checksum.of(bytes, 0, length)).flip();
  }

  /**
   * In every version the last four bytes are the checksum of all others, so that it is checked
   * first.
   */
  private static Identity decode(ByteBuffer bytes, Path file) throws IOException {
    int end = bytes.limit() - Integer.BYTES;
    if (end < NAMES_AT
        || bytes.getInt(0) != MAGIC
        || Checksum.of(bytes, 0, end) != bytes.getInt(end)) {
      throw Damage.at(file, 0, "this is no identity, or its checksum is wrong");
    }
    short version = bytes.getShort(VERSION_AT);
    if (version != VERSION) {
      throw Damage.newer(file, version, VERSION);
    }
    bytes.position(NAMES_AT);
    String cluster = text(bytes);
    String node = text(bytes);
    return new Identity(cluster, node, bytes.getLong(INCARNATION_AT));
  }

  private static String text(ByteBuffer bytes) {
    byte[] text = new byte[bytes.getInt()];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private void mustBe(Identity wanted, Path directory) throws IOException {
    if (!cluster.equals(wanted.cluster) || !node.equals(wanted.node)) {
      throw new IOException(
          directory
              + " belongs to node '"
              + node
              + "' of cluster '"
              + cluster
              + "' and not to node '"
              + wanted.node
              + "' of cluster '"
              + wanted.cluster
              + "': give that node its own directory");
    }
  }
}
