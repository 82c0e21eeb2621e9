package dev.quorate.chat.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentPipeTest {

  @Test
  void endsWithTheInputAndNotBefore() throws IOException, InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (PipedInputStream in = new PipedInputStream()) {
      try (PipedOutputStream parent = new PipedOutputStream(in)) {
        ParentPipe.watch(in, ended::countDown);
        parent.write(new byte[1000]);
        assertThat(ended.getCount()).isEqualTo(1);
      }

      assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
