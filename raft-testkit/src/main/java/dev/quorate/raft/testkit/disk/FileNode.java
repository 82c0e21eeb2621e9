package dev.quorate.raft.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A file. A sector that is written waits in the page cache until a force writes it to the disk; if
 * it is written again meanwhile, its earlier content may have reached the disk before, as the
 * kernel may write back at any time. So the disk holds any of the contents that each sector had
 * since the last force, independently of the other sectors, and likewise of the lengths.
 */
final class FileNode extends Node {

  /** Which part of repeated writes finds that the kernel has just written back. */
  private static final int WRITTEN_BACK = 4;

  private Pages seen = new Pages();
  private Pages disk = new Pages();
  private DirtySectors dirty = new DirtySectors();
  private long length;
  private long diskLength;

  /** Whether the length waits to be written. */
  private boolean newLength;

  /** Pages that take room, also those of zeros. */
  private BitSet allocated = new BitSet();

  private long allocatedPages;

  /** Sectors, counted from the beginning of the file, that the disk cannot read any more. */
  private BitSet unreadable = new BitSet();

  private final List<DiskLock> locks = new ArrayList<>();

  long length() {
    return length;
  }

  List<DiskLock> locks() {
    return locks;
  }

  /** Puts up to {@code count} bytes, all of which the file has, into the buffer. */
  void read(long at, ByteBuffer to, int count) throws IOException {
    checkReadable(at, count);
    seen.get(at, to, count);
  }

  /** The whole content, whatever the disk cannot read. */
  void peek(ByteBuffer to) {
    seen.get(0, to, to.remaining());
  }

  private void checkReadable(long at, int count) throws IOException {
    int last = sector(at + count - 1);
    for (int bad = unreadable.nextSetBit(sector(at));
        bad >= 0 && bad <= last;
        bad = unreadable.nextSetBit(bad + 1)) {
      if (!isDirty(bad)) {
        throw new IOException(Faults.IO_ERROR);
      }
    }
  }

  private static int sector(long offset) {
    return (int) (offset / Pages.SECTOR);
  }

  private boolean isDirty(int sector) {
    return (dirty.mask(sector / Pages.SECTORS) & 1 << sector % Pages.SECTORS) != 0;
  }

  /** How many of {@code count} bytes can be written if so many pages are free. */
  int fitting(long at, int count, long freePages) {
    long free = freePages;
    int last = page(at + count - 1);
    for (int page = allocated.nextClearBit(page(at));
        page <= last;
        page = allocated.nextClearBit(page + 1)) {
      if (free == 0) {
        return (int) Math.max(0, (long) page * Pages.PAGE - at);
      }
      free--;
    }
    return count;
  }

  private static int page(long offset) {
    return (int) (offset / Pages.PAGE);
  }

  /** Writes bytes, for which there is room. */
  void write(long at, ByteBuffer from, int count, RandomGenerator random) throws IOException {
    if (count > 0) {
      checkEnds(at, count);
      place(at, from, count, random);
    }
  }

  /** Gives an empty file its content, durably. */
  void fill(ByteBuffer content, RandomGenerator random) {
    if (content.hasRemaining()) {
      place(0, content, content.remaining(), random);
    }
    force();
  }

  private void place(long at, ByteBuffer from, int count, RandomGenerator random) {
    long position = at;
    for (int left = count; left > 0; ) {
      int offset = (int) (position % Pages.PAGE);
      int part = Math.min(left, Pages.PAGE - offset);
      put(page(position), offset, from, part, random);
      position += part;
      left -= part;
    }
    for (int page = allocated.nextClearBit(page(at));
        page < page(position - 1) + 1;
        page = allocated.nextClearBit(page)) {
      allocated.set(page);
      allocatedPages++;
    }
    if (position > length) {
      setLength(position, random);
    }
  }

  /** A sector that is written in part is read before. */
  private void checkEnds(long at, int count) throws IOException {
    long end = at + count;
    if (!unreadable.isEmpty()) {
      if (at % Pages.SECTOR != 0) {
        checkReadable(at, 1);
      }
      if (end % Pages.SECTOR != 0) {
        checkReadable(end - 1, 1);
      }
    }
  }

  private void put(int page, int offset, ByteBuffer from, int count, RandomGenerator random) {
    boolean zeros = seen.absent(page) && Pages.isZeros(from, count);
    if (!zeros || !disk.absent(page) || !unreadable.isEmpty()) {
      markDirty(page, Pages.sectors(offset, count), random);
    }
    if (zeros) {
      from.position(from.position() + count);
    } else {
      seen.put(page, offset, from, count);
    }
  }

  private void markDirty(int page, int sectors, RandomGenerator random) {
    int again = dirty.mask(page) & sectors;
    if (again != 0 && random.nextInt(WRITTEN_BACK) == 0) {
      disk.take(seen, page, again & random.nextInt());
    }
    dirty.mark(page, sectors);
  }

  private void setLength(long to, RandomGenerator random) {
    if (newLength && random.nextInt(WRITTEN_BACK) == 0) {
      diskLength = length;
    }
    length = to;
    newLength = true;
  }

  /** Cuts the file. */
  void truncate(long to, RandomGenerator random) {
    int first = page(to);
    int offset = (int) (to % Pages.PAGE);
    for (int page = first; page <= page(length - 1); page++) {
      int from = page == first ? offset : 0;
      if (!seen.absent(page) || !disk.absent(page)) {
        markDirty(page, Pages.sectors(from, Pages.PAGE - from), random);
      }
      seen.clear(page, from);
    }
    freeBehind(to);
    setLength(to, random);
  }

  @Override
  boolean pending() {
    return dirty.pages() > 0 || newLength;
  }

  @Override
  void force() {
    writeBack(-1);
  }

  /** Writes all that waits, except one sector, and marks all as written. */
  private void writeBack(int except) {
    for (int i = 0; i < dirty.pages(); i++) {
      int page = dirty.page(i);
      int mask = dirty.mask(page);
      if (except / Pages.SECTORS == page && except >= 0) {
        mask &= ~(1 << except % Pages.SECTORS);
      }
      disk.take(seen, page, mask);
    }
    for (int bad = unreadable.nextSetBit(0); bad >= 0; bad = unreadable.nextSetBit(bad + 1)) {
      if (isDirty(bad)) {
        unreadable.clear(bad);
      }
    }
    dirty.clear();
    if (newLength) {
      diskLength = length;
      newLength = false;
    }
  }

  /** Any sector that waits to be written, from the beginning of the file, or -1. */
  int anyDirty(RandomGenerator random) {
    if (dirty.pages() == 0) {
      return -1;
    }
    int page = dirty.page(random.nextInt(dirty.pages()));
    int mask = dirty.mask(page);
    for (int skip = random.nextInt(Integer.bitCount(mask)); skip > 0; skip--) {
      mask &= mask - 1;
    }
    return page * Pages.SECTORS + Integer.numberOfTrailingZeros(mask);
  }

  /** Forces all but one sector, without saying so. */
  void forceExcept(int sector) {
    writeBack(sector);
  }

  /** A sector of another file reaches the disk here; false if what is here waits to be written. */
  boolean overwrite(int sector, FileNode from, int fromSector) {
    if (isDirty(sector)) {
      return false;
    }
    for (Pages pages : List.of(disk, seen)) {
      pages.takeSector(
          from.seen,
          fromSector / Pages.SECTORS,
          fromSector % Pages.SECTORS,
          sector / Pages.SECTORS,
          sector % Pages.SECTORS);
    }
    return true;
  }

  /** Turns a bit on the disk; false if what is there waits to be written. */
  boolean flip(long offset, int bit) {
    if (isDirty(sector(offset))) {
      return false;
    }
    disk.flip(page(offset), (int) (offset % Pages.PAGE), bit);
    seen.flip(page(offset), (int) (offset % Pages.PAGE), bit);
    return true;
  }

  /** The disk cannot read a sector any more; false if what is there waits to be written. */
  boolean spoil(long offset) {
    if (isDirty(sector(offset))) {
      return false;
    }
    unreadable.set(sector(offset));
    return true;
  }

  @Override
  void forcePartly(RandomGenerator random) {
    writeSome(random);
  }

  /** Writes some of what waits to the disk, without saying so. */
  private PowerLoss writeSome(RandomGenerator random) {
    Fate fate = Fate.draw(random);
    int kept = 0;
    int lost = 0;
    for (int i = 0; i < dirty.pages(); i++) {
      int page = dirty.page(i);
      int mask = dirty.mask(page);
      int chosen = fate.kept(mask, random);
      disk.take(seen, page, chosen);
      kept += Integer.bitCount(chosen);
      lost += Integer.bitCount(mask & ~chosen);
    }
    boolean lengthKept = newLength && random.nextBoolean();
    boolean lengthLost = newLength && !lengthKept;
    if (lengthKept) {
      diskLength = length;
    }
    int torn = kept > 0 && lost > 0 ? 1 : 0;
    return new PowerLoss(kept, lost, torn, lengthKept ? 1 : 0, lengthLost ? 1 : 0, 0, 0);
  }

  @Override
  void forget() {
    dirty.clear();
    newLength = false;
  }

  @Override
  PowerLoss losePower(RandomGenerator random) {
    PowerLoss loss = pending() ? writeSome(random) : PowerLoss.NONE;
    forget();
    disk.cut(diskLength);
    seen = disk.copy();
    length = diskLength;
    freeBehind(length);
    return loss;
  }

  private void freeBehind(long end) {
    int pages = page(end + Pages.PAGE - 1);
    if (pages < allocated.length()) {
      allocated.clear(pages, allocated.length());
      allocatedPages = allocated.cardinality();
    }
  }

  @Override
  void released() {
    super.released();
    locks.clear();
  }

  @Override
  long allocatedPages() {
    return allocatedPages;
  }

  @Override
  FileNode copy(Map<Node, Node> done) {
    if (done.get(this) instanceof FileNode copied) {
      return copied;
    }
    FileNode copy = new FileNode();
    done.put(this, copy);
    copy.moved(path());
    copy.seen = seen.copy();
    copy.disk = disk.copy();
    copy.dirty = dirty.copy();
    copy.length = length;
    copy.diskLength = diskLength;
    copy.newLength = newLength;
    copy.allocated = (BitSet) allocated.clone();
    copy.allocatedPages = allocatedPages;
    copy.unreadable = (BitSet) unreadable.clone();
    return copy;
  }
}
