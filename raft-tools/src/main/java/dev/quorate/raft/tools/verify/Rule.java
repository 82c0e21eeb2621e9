package dev.quorate.raft.tools.verify;

import dev.quorate.raft.storage.file.GroupInspection;
import java.io.IOException;

/** Something that holds in a sound directory, asked of one group. */
interface Rule {

  /**
   * Looks at a group.
   *
   * @throws IOException if something cannot be read, which is not to say that it is damaged
   */
  void check(GroupInspection group, Findings findings) throws IOException;
}
