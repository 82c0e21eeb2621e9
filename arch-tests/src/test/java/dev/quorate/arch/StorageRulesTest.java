package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StorageRulesTest {

  @TestFactory
  Stream<DynamicTest> holds() {
    return StorageRules.ALL.stream()
        .map(rule -> dynamicTest(rule.getDescription(), () -> rule.check(Project.mainClasses())));
  }

  @Test
  void seesOtherFileSystems() {
    assertThat(Broken.report(StorageRules.DEFAULT_FILE_SYSTEM))
        .contains(
            "java.nio.file.Path.of(",
            "java.nio.file.Paths.get(",
            "java.nio.file.Path.toFile()",
            "java.io.File.<init>(",
            "java.io.RandomAccessFile.<init>(");
  }

  @Test
  void seesChannelsThatCannotBeSimulated() {
    assertThat(Broken.report(StorageRules.PLAIN_CHANNELS))
        .contains(
            "FileChannel.map(",
            "FileChannel.transferTo(",
            "FileChannel.transferFrom(",
            "AsynchronousFileChannel.open(",
            "Files.createTempFile(",
            "Files.createTempDirectory(");
  }

  @Test
  void seesTheMachineInTheBytes() {
    assertThat(Broken.report(StorageRules.SAME_BYTES))
        .contains(
            "Files.getLastModifiedTime(",
            "ProcessHandle.current()",
            "InetAddress.getLocalHost()",
            "System.currentTimeMillis()");
  }

  @Test
  void seesInterrupts() {
    assertThat(Broken.report(StorageRules.NO_THREADS))
        .contains("Thread.interrupt()", "Future.cancel(");
  }
}
