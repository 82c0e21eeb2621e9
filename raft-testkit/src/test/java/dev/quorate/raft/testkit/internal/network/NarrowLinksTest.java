package dev.quorate.raft.testkit.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link of a thousand bytes a second, whose queue takes two thousand. */
class NarrowLinksTest {

  private static final long SECOND = 1_000_000_000;
  private static final Link LINK = new Link(NodeId.of("n1"), NodeId.of("n2"));

  private final NarrowLinks links = new NarrowLinks();

  @BeforeEach
  void narrow() {
    links.narrow(LINK, 1_000, 2_000);
  }

  private OptionalLong pass(boolean bulk, int bytes, long now) {
    return links.pass(LINK, bulk, bytes, now);
  }

  @Test
  void aFrameWaitsForThoseBeforeIt() {
    assertThat(pass(true, 500, 0)).hasValue(SECOND / 2);
    assertThat(pass(true, 1_000, 0)).hasValue(3 * SECOND / 2);
    assertThat(pass(true, 500, SECOND)).hasValue(SECOND);
    assertThat(pass(true, 1_000, 5 * SECOND)).hasValue(SECOND);
  }

  @Test
  void whatTheQueueHasNoRoomForIsDropped() {
    assertThat(pass(true, 2_001, 0)).isPresent();
    assertThat(pass(true, 1, 0)).isEmpty();
    assertThat(pass(true, 1, SECOND)).isPresent();
  }

  @Test
  void anUrgentFrameGoesBeforeBulkWhichWaitsForIt() {
    assertThat(pass(true, 1_000, 0)).hasValue(SECOND);
    assertThat(pass(false, 1_000, 0)).hasValue(SECOND);
    assertThat(pass(true, 1_000, 0)).hasValue(3 * SECOND);
  }

  @Test
  void allOtherLinksAreWide() {
    Link back = new Link(LINK.to(), LINK.from());
    assertThat(links.pass(back, true, 1 << 20, 0)).hasValue(0);
    links.widen();
    assertThat(pass(true, 1 << 20, 0)).hasValue(0);
  }
}
