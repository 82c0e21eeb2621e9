package dev.quorate.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Storage code runs unchanged on a simulated file system. */
final class StorageRules {

  private static final String STORAGE = "..storage.file..";

  static final ArchRule DEFAULT_FILE_SYSTEM =
      noClasses()
          .that()
          .resideInAPackage(STORAGE)
          .should(
              Banned.access(
                  "leave the file system of the given path",
                  Banned.calls("java.nio.file.Path", "of", "toFile")
                      .or(Banned.calls("java.nio.file.Paths"))
                      .or(Banned.calls("java.nio.file.FileSystems"))
                      .or(Banned.calls("java.io.File"))
                      .or(Banned.calls("java.io.FileInputStream"))
                      .or(Banned.calls("java.io.FileOutputStream"))
                      .or(Banned.calls("java.io.FileReader"))
                      .or(Banned.calls("java.io.FileWriter"))
                      .or(Banned.calls("java.io.RandomAccessFile"))))
          .because("every path descends by resolve from the given one");

  static final ArchRule PLAIN_CHANNELS =
      noClasses()
          .that()
          .resideInAPackage(STORAGE)
          .should(
              Banned.access(
                  "use what a simulated file system cannot offer",
                  Banned.calls("java.nio.channels.FileChannel", "map", "transferTo", "transferFrom")
                      .or(Banned.calls("java.nio.channels.AsynchronousFileChannel"))
                      .or(access -> Banned.owner(access).equals("java.nio.MappedByteBuffer"))
                      .or(
                          access ->
                              Banned.owner(access).equals("java.nio.file.Files")
                                  && Banned.name(access).startsWith("createTemp"))))
          .because("mapped memory and the kernel's own copies bypass simulated crashes");

  static final ArchRule SAME_BYTES =
      noClasses()
          .that()
          .resideInAPackage(STORAGE)
          .should(
              Banned.access(
                  "let the machine show in what is written",
                  Banned.CLOCK
                      .or(Banned.RANDOMNESS)
                      .or(Banned.UNORDERED)
                      .or(access -> Banned.name(access).matches("[gs]etLastModifiedTime"))
                      .or(access -> Banned.name(access).equals("lastModifiedTime"))
                      .or(Banned.calls("java.lang.ProcessHandle"))
                      .or(
                          access ->
                              Banned.owner(access).startsWith("java.lang.management.")
                                  || Banned.owner(access).startsWith("java.net."))))
          .because("the same calls must leave the same bytes");

  static final ArchRule NO_THREADS =
      noClasses()
          .that()
          .resideInAPackage(STORAGE)
          .should(
              Banned.access(
                  "start, wait for or interrupt threads",
                  Banned.THREADS.or(access -> Banned.name(access).equals("cancel"))))
          .because("threads are injected, and an interrupt closes the channel that is written");

  static final List<ArchRule> ALL =
      List.of(DEFAULT_FILE_SYSTEM, PLAIN_CHANNELS, SAME_BYTES, NO_THREADS);

  private StorageRules() {}
}
