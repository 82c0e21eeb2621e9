package dev.quorate.raft.testkit.disk;

import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** How a file is opened: the options, as the default file system reads them. */
record OpenMode(
    boolean read,
    boolean write,
    boolean append,
    boolean create,
    boolean createNew,
    boolean truncate,
    boolean sync) {

  static OpenMode of(Set<? extends OpenOption> options) {
    for (OpenOption option : options) {
      if (!(option instanceof StandardOpenOption)) {
        throw new UnsupportedOperationException(option + " is not simulated");
      }
    }
    if (options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
      throw Unsupported.because("a file that is deleted when it is closed");
    }
    boolean append = options.contains(StandardOpenOption.APPEND);
    boolean write = append || options.contains(StandardOpenOption.WRITE);
    boolean read = !write || options.contains(StandardOpenOption.READ);
    boolean truncate = options.contains(StandardOpenOption.TRUNCATE_EXISTING);
    if (append && (read || truncate)) {
      throw new IllegalArgumentException((read ? "READ" : "TRUNCATE_EXISTING") + " + APPEND");
    }
    return new OpenMode(
        read,
        write,
        append,
        write && options.contains(StandardOpenOption.CREATE),
        write && options.contains(StandardOpenOption.CREATE_NEW),
        write && truncate,
        options.contains(StandardOpenOption.SYNC) || options.contains(StandardOpenOption.DSYNC));
  }
}
