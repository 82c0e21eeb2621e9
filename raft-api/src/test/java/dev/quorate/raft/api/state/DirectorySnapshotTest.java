package dev.quorate.raft.api.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectorySnapshotTest {
  @TempDir private Path temporary;

  private Path live;

  @BeforeEach
  void aStateOfThreeFiles() throws IOException {
    live = Files.createDirectory(temporary.resolve("live"));
    Files.createDirectories(live.resolve("tables/empty"));
    Files.writeString(live.resolve("tables/1"), "first");
    Files.writeString(live.resolve("tables/2"), "x".repeat(200_000));
    Files.writeString(live.resolve("manifest"), "1 2");
  }

  @Test
  void theCapturedMomentIsRestored() throws IOException {
    Map<String, String> before = contents(live);
    byte[] bytes;
    try (DirectorySnapshot snapshot = DirectorySnapshot.capture(live)) {
      Files.delete(live.resolve("tables/1"));
      Files.writeString(live.resolve("tables/3"), "third");
      replace(live.resolve("manifest"), "2 3");
      bytes = written(snapshot);
    }
    assertThat(temporary).isDirectoryNotContaining("glob:**/live.captured");
    assertThat(contents(live)).isNotEqualTo(before);
    DirectorySnapshot.restore(new ByteArrayInputStream(bytes), live);
    assertThat(contents(live)).isEqualTo(before);
    Path other = temporary.resolve("other");
    DirectorySnapshot.restore(new ByteArrayInputStream(bytes), other);
    assertThat(contents(other)).isEqualTo(before);
    try (DirectorySnapshot again = DirectorySnapshot.capture(other)) {
      assertThat(written(again)).isEqualTo(bytes);
    }
  }

  @Test
  void whatAnEarlierProcessLeftIsCleared() throws IOException {
    Files.createDirectories(temporary.resolve("live.captured/tables"));
    Files.writeString(temporary.resolve("live.captured/tables/9"), "old");
    Files.createDirectories(temporary.resolve("live.restoring/tables"));
    Map<String, String> before = contents(live);
    try (DirectorySnapshot snapshot = DirectorySnapshot.capture(live)) {
      DirectorySnapshot.restore(new ByteArrayInputStream(written(snapshot)), live);
    }
    assertThat(contents(live)).isEqualTo(before);
  }

  @Test
  void everyTruncationIsRefusedAndTheDirectoryAsItWas() throws IOException {
    Files.delete(live.resolve("tables/2"));
    Map<String, String> before = contents(live);
    byte[] bytes;
    try (DirectorySnapshot snapshot = DirectorySnapshot.capture(live)) {
      bytes = written(snapshot);
    }
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> DirectorySnapshot.restore(new ByteArrayInputStream(part), live))
          .as("%d bytes", length)
          .isInstanceOf(EOFException.class);
      assertThat(contents(live)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../stolen", "/stolen", "a/../../stolen", ".", "", "a//b", "a/./b", "a/"})
  void noPathLeadsOutOfTheDirectory(String name) throws IOException {
    Map<String, String> before = contents(live);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeBytes("QDIR");
    out.writeByte(1);
    out.writeByte(1);
    out.writeUTF(name);
    out.writeByte(0);
    assertThatThrownBy(
            () -> DirectorySnapshot.restore(new ByteArrayInputStream(bytes.toByteArray()), live))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'" + name + "'");
    assertThat(contents(live)).isEqualTo(before);
    assertThat(temporary.resolve("stolen")).doesNotExist();
  }

  @Test
  void whatIsNoCapturedDirectoryIsRefusedWithTheReason() {
    assertRefused(new byte[] {'Q', 'M', 'A', 'P', 1, 0}, "0x514d4150");
    assertRefused(new byte[] {'Q', 'D', 'I', 'R', 2, 0}, "version 2");
    assertRefused(new byte[] {'Q', 'D', 'I', 'R', 1, 3, 0, 1, 'a', 0}, "kind 3");
  }

  private void assertRefused(byte[] bytes, String reason) {
    assertThatThrownBy(() -> DirectorySnapshot.restore(new ByteArrayInputStream(bytes), live))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aLinkOutOfTheDirectoryIsRefused() throws IOException {
    Files.createSymbolicLink(live.resolve("elsewhere"), temporary);
    assertThatThrownBy(() -> DirectorySnapshot.capture(live))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage(
            live.resolve("elsewhere") + " is neither a regular file nor a directory");
  }

  private static void replace(Path file, String content) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] written(DirectorySnapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    snapshot.writeTo(out);
    return out.toByteArray();
  }

  private static Map<String, String> contents(Path directory) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String name = directory.relativize(path).toString();
        found.put(name, Files.isDirectory(path) ? "directory" : Files.readString(path));
      }
    }
    return found;
  }
}
