package dev.quorate.chat.service;

import dev.quorate.chat.command.PasswordHash;
import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.Outcome;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Hashes passwords, on purpose slowly, on a pool of its own: one thread, because five nodes may
 * share two processors, and few that wait, because what waits longer than its caller is work for
 * nobody.
 */
final class PasswordHasher implements AutoCloseable {

  private static final int ITERATIONS = 600_000;
  private static final int MAX_WAITING = 16;
  private static final int IDLE_SECONDS = 30;

  private final SecureRandom random = new SecureRandom();
  private final ThreadPoolExecutor pool;

  /** Stands for the password of names that do not exist, so that they take as long as others. */
  private final PasswordHash nobody =
      new PasswordHash(
          PasswordHash.PBKDF2,
          ITERATIONS,
          encode(new byte[PasswordHash.SALT_BYTES]),
          encode(new byte[PasswordHash.HASH_BYTES]));

  PasswordHasher() {
    pool =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread thread = new Thread(task, "password-hasher");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  /**
   * Hashes a new password with a new salt.
   *
   * @param abandoned whether nobody waits for the answer any more
   */
  CompletableFuture<PasswordHash> hash(String password, BooleanSupplier abandoned) {
    return run(
        abandoned,
        () -> {
          byte[] salt = new byte[PasswordHash.SALT_BYTES];
          random.nextBytes(salt);
          byte[] hash = derive(password, salt, ITERATIONS);
          return new PasswordHash(PasswordHash.PBKDF2, ITERATIONS, encode(salt), encode(hash));
        });
  }

  /**
   * Whether the password is the one that was hashed. Without a hash it is not, and takes as long to
   * tell.
   */
  CompletableFuture<Boolean> matches(
      String password, Optional<PasswordHash> expected, BooleanSupplier abandoned) {
    PasswordHash against = expected.orElse(nobody);
    return run(
        abandoned,
        () -> {
          byte[] salt = Base64.getDecoder().decode(against.salt());
          byte[] hash = derive(password, salt, against.iterations());
          return MessageDigest.isEqual(hash, Base64.getDecoder().decode(against.hash()))
              && expected.isPresent();
        });
  }

  private interface Work<T> {
    T get() throws GeneralSecurityException;
  }

  private <T> CompletableFuture<T> run(BooleanSupplier abandoned, Work<T> work) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Runnable task =
        () -> {
          try {
            if (abandoned.getAsBoolean()) {
              throw new CallFailure(
                  Outcome.OUTCOME_BUSY, Cause.CAUSE_OVER_LIMIT, "the caller waits no longer");
            }
            future.complete(work.get());
          } catch (GeneralSecurityException | RuntimeException e) {
            future.completeExceptionally(e);
          }
        };
    try {
      pool.execute(task);
    } catch (RejectedExecutionException e) {
      future.completeExceptionally(
          new CallFailure(
              Outcome.OUTCOME_BUSY,
              Cause.CAUSE_OVER_LIMIT,
              "too many passwords wait to be checked on this node"));
    }
    return future;
  }

  private static byte[] derive(String password, byte[] salt, int iterations)
      throws GeneralSecurityException {
    PBEKeySpec spec =
        new PBEKeySpec(password.toCharArray(), salt, iterations, PasswordHash.HASH_BYTES * 8);
    try {
      return SecretKeyFactory.getInstance(PasswordHash.PBKDF2).generateSecret(spec).getEncoded();
    } finally {
      spec.clearPassword();
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
