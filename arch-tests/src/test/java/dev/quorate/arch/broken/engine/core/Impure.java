package dev.quorate.arch.broken.engine.core;

import dev.quorate.arch.broken.engine.runtime.Careless;
import java.io.File;
import java.lang.System.Logger;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Breaks every rule of the core. */
final class Impure {

  Careless upwards;
  Thread thread;
  Executor executor;
  CompletableFuture<Void> future;
  Logger logger;
  File file;
  Path path;
  Files files;
  FileChannel channel;
  Socket socket;
  Clock clock;
  Random random = new Random();
  Map<String, String> map = new HashMap<>();
  HashMap<String, String> hashMap = new HashMap<>();
  Set<String> set = new HashSet<>();

  synchronized void locked() {}

  Object time() {
    LongSupplier wall = System::currentTimeMillis;
    return List.of(System.nanoTime(), wall, Instant.now(), System.getProperty("user.name", ""));
  }

  Object randomness() {
    List<String> list = new ArrayList<>();
    Collections.shuffle(list);
    return List.of(
        Math.random(),
        ThreadLocalRandom.current(),
        UUID.randomUUID(),
        RandomGenerator.getDefault(),
        System.identityHashCode(list));
  }

  Object order() {
    map.forEach((key, value) -> {});
    return List.of(
        Set.of("a"),
        Map.of("a", "b"),
        Stream.of("a").collect(Collectors.toSet()),
        Stream.of("a").collect(Collectors.groupingBy(String::length)),
        map.keySet(),
        map.values(),
        hashMap.entrySet());
  }

  void output() {
    System.out.println("out");
    new IllegalStateException().printStackTrace();
  }
}
