package dev.quorate.raft.testkit.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of a file, in pages; a page of zeros is not kept. Pages are shared between a page cache
 * and its disk and between copies of a disk, and are copied when one of them writes.
 */
final class Pages {

  static final int PAGE = 4096;
  static final int SECTOR = 512;
  static final int SECTORS = PAGE / SECTOR;

  /** All sectors of a page. */
  static final int ALL = (1 << SECTORS) - 1;

  private static final ByteBuffer ZEROS = ByteBuffer.allocate(PAGE).asReadOnlyBuffer();

  private Page[] pages;

  Pages() {
    this(new Page[0]);
  }

  private Pages(Page[] pages) {
    this.pages = pages;
  }

  /** Bytes that may be written to unless they are shared; once shared, they stay so. */
  private static final class Page {

    private final byte[] bytes;
    private boolean shared;

    private Page(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /** The sectors of a page that a range within it touches, a bit each. */
  static int sectors(int offset, int length) {
    int first = offset / SECTOR;
    int last = (offset + length - 1) / SECTOR;
    return (2 << last) - (1 << first);
  }

  static boolean isZeros(ByteBuffer bytes, int count) {
    return bytes.slice(bytes.position(), count).mismatch(ZEROS.slice(0, count)) < 0;
  }

  /** Whether a page is all zeros because nothing was ever kept of it. */
  boolean absent(int page) {
    return page >= pages.length || pages[page] == null;
  }

  private void reach(int page) {
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length * 2));
    }
  }

  private byte[] writable(int page) {
    reach(page);
    Page old = pages[page];
    if (old == null) {
      pages[page] = new Page(new byte[PAGE]);
    } else if (old.shared) {
      pages[page] = new Page(old.bytes.clone());
    }
    return pages[page].bytes;
  }

  /** Takes {@code count} bytes from the buffer into a page. */
  void put(int page, int offset, ByteBuffer from, int count) {
    from.get(writable(page), offset, count);
  }

  /** Puts {@code count} bytes from an offset on into the buffer. */
  void get(long at, ByteBuffer to, int count) {
    long position = at;
    for (int left = count; left > 0; ) {
      int page = (int) (position / PAGE);
      int offset = (int) (position % PAGE);
      int part = Math.min(left, PAGE - offset);
      if (absent(page)) {
        to.put(ZEROS.slice(0, part));
      } else {
        to.put(pages[page].bytes, offset, part);
      }
      position += part;
      left -= part;
    }
  }

  /** Takes some sectors of a page from another file. */
  void take(Pages from, int page, int sectors) {
    if (sectors == ALL) {
      share(from, page);
      return;
    }
    if (absent(page) && from.absent(page)) {
      return;
    }
    byte[] to = writable(page);
    for (int sector = 0; sector < SECTORS; sector++) {
      if ((sectors & 1 << sector) != 0) {
        from.sector(page, sector, to, sector);
      }
    }
  }

  private void share(Pages from, int page) {
    if (!from.absent(page)) {
      from.pages[page].shared = true;
      reach(page);
      pages[page] = from.pages[page];
    } else if (!absent(page)) {
      pages[page] = null;
    }
  }

  /** Takes one sector of another file to any place. */
  void takeSector(Pages from, int fromPage, int fromSector, int page, int sector) {
    from.sector(fromPage, fromSector, writable(page), sector);
  }

  private void sector(int page, int sector, byte[] to, int toSector) {
    if (absent(page)) {
      Arrays.fill(to, toSector * SECTOR, (toSector + 1) * SECTOR, (byte) 0);
    } else {
      System.arraycopy(pages[page].bytes, sector * SECTOR, to, toSector * SECTOR, SECTOR);
    }
  }

  void flip(int page, int offset, int bit) {
    writable(page)[offset] ^= (byte) (1 << bit);
  }

  /** Makes a page zero from an offset within it on. */
  void clear(int page, int offset) {
    if (absent(page)) {
      return;
    }
    if (offset == 0) {
      pages[page] = null;
    } else {
      Arrays.fill(writable(page), offset, PAGE, (byte) 0);
    }
  }

  /** Makes all zero from a length on. */
  void cut(long length) {
    int page = (int) (length / PAGE);
    clear(page, (int) (length % PAGE));
    if (page + 1 < pages.length) {
      Arrays.fill(pages, page + 1, pages.length, null);
    }
  }

  /** The same bytes; either copies a page before it writes to it. */
  Pages copy() {
    for (Page page : pages) {
      if (page != null) {
        page.shared = true;
      }
    }
    return new Pages(pages.clone());
  }
}
