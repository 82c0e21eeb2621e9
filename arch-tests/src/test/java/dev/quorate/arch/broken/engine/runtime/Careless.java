package dev.quorate.arch.broken.engine.runtime;

import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Breaks every rule of the runtime. */
public final class Careless {

  Object careless() throws InterruptedException {
    TimeUnit.SECONDS.sleep(0);
    Thread.sleep(0);
    return List.of(
        new Thread(() -> {}),
        Executors.newCachedThreadPool(),
        CompletableFuture.runAsync(() -> {}),
        new CompletableFuture<String>().orTimeout(1, TimeUnit.SECONDS),
        List.of(1).parallelStream(),
        new SecureRandom(),
        System.nanoTime(),
        Set.of(1, 2));
  }
}
