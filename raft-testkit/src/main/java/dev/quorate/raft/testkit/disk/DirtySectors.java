package dev.quorate.raft.testkit.disk;

import java.util.Arrays;

/** Which sectors of a file's page cache wait to be written to the disk. */
final class DirtySectors {

  private byte[] masks = new byte[0];

  /** The pages that have some, in the order in which they became dirty. */
  private int[] pages = new int[4];

  private int count;

  int mask(int page) {
    return page < masks.length ? masks[page] & Pages.ALL : 0;
  }

  void mark(int page, int sectors) {
    if (page >= masks.length) {
      masks = Arrays.copyOf(masks, Math.max(page + 1, masks.length * 2));
    }
    if (masks[page] == 0) {
      if (count == pages.length) {
        pages = Arrays.copyOf(pages, count * 2);
      }
      pages[count++] = page;
    }
    masks[page] |= (byte) sectors;
  }

  /** How many pages have some. */
  int pages() {
    return count;
  }

  /** A page that has some, from 0 to {@link #pages} - 1. */
  int page(int number) {
    return pages[number];
  }

  void clear() {
    for (int i = 0; i < count; i++) {
      masks[pages[i]] = 0;
    }
    count = 0;
  }

  DirtySectors copy() {
    DirtySectors copy = new DirtySectors();
    copy.masks = masks.clone();
    copy.pages = pages.clone();
    copy.count = count;
    return copy;
  }
}
