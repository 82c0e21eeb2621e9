package dev.quorate.chat.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.chat.command.PasswordHash;
import dev.quorate.chat.proto.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordHasherTest {

  private final PasswordHasher hasher = new PasswordHasher();

  @AfterEach
  void close() {
    hasher.close();
  }

  @Test
  void recognisesThePasswordAndNoOther() {
    PasswordHash hash = hasher.hash("correct horse", () -> false).join();

    assertThat(hash.algorithm()).isEqualTo("PBKDF2WithHmacSHA256");
    assertThat(hash.iterations()).isEqualTo(600_000);
    assertThat(hasher.matches("correct horse", Optional.of(hash), () -> false).join()).isTrue();
    assertThat(hasher.matches("correct horsf", Optional.of(hash), () -> false).join()).isFalse();
    assertThat(hasher.hash("correct horse", () -> false).join().salt()).isNotEqualTo(hash.salt());
  }

  @Test
  void aNameThatDoesNotExistNeverMatches() {
    assertThat(hasher.matches("whatever it is", Optional.empty(), () -> false).join()).isFalse();
  }

  @Test
  void isBusyWhenTooManyWaitAndSkipsThoseWhoLeft() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<CompletableFuture<PasswordHash>> waiting = new ArrayList<>();
    waiting.add(
        hasher.hash(
            "the first one",
            () -> {
              started.countDown();
              await(goOn);
              return true;
            }));
    started.await();
    for (int i = 0; i < 16; i++) {
      waiting.add(hasher.hash("somebody", () -> true));
    }

    CompletableFuture<PasswordHash> oneTooMany = hasher.hash("one too many", () -> false);

    assertBusy(oneTooMany);
    goOn.countDown();
    waiting.forEach(PasswordHasherTest::assertBusy);
  }

  private static void assertBusy(CompletableFuture<PasswordHash> future) {
    assertThatThrownBy(future::join)
        .cause()
        .isInstanceOfSatisfying(
            CallFailure.class,
            e -> assertThat(e.result().getOutcome()).isEqualTo(Outcome.OUTCOME_BUSY));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
