package dev.quorate.chat.state;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * All messages in the order of their ids, in blocks that are only ever added to: a view of what is
 * there at a moment costs a reference for each block, and another thread may read it while messages
 * are added.
 */
final class MessageLog {

  static final int BLOCK = 1024;

  private Message[][] blocks = new Message[1][];
  private int size;
  private long lastId;

  /** What was there at a moment; never changes. */
  record View(Message[][] blocks, int size) implements Iterable<Message> {
    @Override
    public Iterator<Message> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < size;
        }

        @Override
        public Message next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          Message message = blocks[next / BLOCK][next % BLOCK];
          next++;
          return message;
        }
      };
    }
  }

  /** Adds a message, whose id must be higher than all before. */
  void add(Message message) {
    if (message.id() <= lastId) {
      throw new IllegalArgumentException("message " + message.id() + " after " + lastId);
    }
    int block = size / BLOCK;
    if (block == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * block);
    }
    if (blocks[block] == null) {
      blocks[block] = new Message[BLOCK];
    }
    blocks[block][size % BLOCK] = message;
    size++;
    lastId = message.id();
  }

  /** The highest id; 0 if there is no message. */
  long lastId() {
    return lastId;
  }

  View view() {
    // A copy of the references: the array of blocks itself grows in place.
    return new View(Arrays.copyOf(blocks, (size + BLOCK - 1) / BLOCK), size);
  }
}
