package dev.quorate.raft.testkit.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The names in a directory when it was listed. */
final class Listing implements DirectoryStream<Path>, Iterator<Path> {

  private final Iterator<Path> found;
  private final Filter<? super Path> filter;
  private Path next;
  private boolean iterated;
  private boolean closed;

  Listing(List<Path> found, Filter<? super Path> filter) {
    this.found = found.iterator();
    this.filter = filter;
  }

  @Override
  public Iterator<Path> iterator() {
    if (closed) {
      throw new IllegalStateException("Directory stream is closed");
    }
    if (iterated) {
      throw new IllegalStateException("Iterator already obtained");
    }
    iterated = true;
    return this;
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null && !closed && found.hasNext()) {
        Path candidate = found.next();
        if (filter.accept(candidate)) {
          next = candidate;
        }
      }
    } catch (IOException e) {
      throw new DirectoryIteratorException(e);
    }
    return next != null;
  }

  @Override
  public Path next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Path result = next;
    next = null;
    return result;
  }

  @Override
  public void close() {
    closed = true;
  }
}
