package dev.quorate.chat.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
  @TempDir private Path directory;

  @Test
  void clearsOneNodeAndNothingElse() throws IOException {
    DataFiles files = new DataFiles(directory.resolve("data"));
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "kept");
    for (int node : new int[] {1, 2}) {
      Files.createDirectories(files.node(node).resolve("wal"));
      Files.writeString(files.node(node).resolve("wal").resolve("1"), "log");
    }
    Files.createSymbolicLink(files.node(1).resolve("link"), outside);

    files.clear(1);
    files.clear(3);

    assertThat(files.node(1)).doesNotExist();
    assertThat(files.node(2).resolve("wal").resolve("1")).exists();
    assertThat(outside.resolve("precious")).exists();
  }

  @Test
  void quotesTheLastWordsOfAProcess() throws IOException {
    DataFiles files = new DataFiles(directory);
    files.prepare();
    assertThat(files.lastWords(1)).isEmpty();
    Files.writeString(files.errors(1), "one\n two \n\n");
    assertThat(files.lastWords(1)).contains("two");
  }
}
