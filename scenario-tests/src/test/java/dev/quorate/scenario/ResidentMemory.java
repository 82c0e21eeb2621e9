package dev.quorate.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How much memory processes hold, as Linux tells it. */
final class ResidentMemory {
  private static final Path PROCESSES = Path.of("/proc");

  private ResidentMemory() {}

  /** Of those that are JVMs: their bytes by process id. */
  static Map<Long, Long> ofJavaProcesses(List<ProcessHandle> processes) throws IOException {
    Scenarios.need(
        Files.isDirectory(PROCESSES) ? Optional.empty() : Optional.of("there is no " + PROCESSES));
    Map<Long, Long> bytes = new TreeMap<>();
    for (ProcessHandle process : processes) {
      if (process.info().command().map(command -> command.endsWith("/java")).orElse(false)) {
        bytes.put(process.pid(), of(process.pid()));
      }
    }
    return bytes;
  }

  /** The status says {@code VmRSS: 101234 kB}. */
  private static long of(long process) throws IOException {
    Path status = PROCESSES.resolve(Long.toString(process)).resolve("status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElseThrow();
  }
}
