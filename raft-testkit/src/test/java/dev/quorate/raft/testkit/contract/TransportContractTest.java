package dev.quorate.raft.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A transport with a fault fails the cases that are about it, and not all others with them. */
class TransportContractTest {

  private static final Set<String> UNTOUCHED =
      Cases.names("framesGoBothWaysAndNameTheirSender", "aTransportIsStartedOnce");

  static Stream<Arguments> variants() {
    String hanging = "aPeerThatHangsNeitherBlocksItsSendersNorFillsTheirMemory";
    return Stream.of(
        variant(BrokenTransports.KeepsEverything.class, hanging),
        variant(BrokenTransports.BlocksItsSenders.class, hanging),
        variant(BrokenTransports.HasOneLane.class, "urgentFramesGoFirst"),
        variant(BrokenTransports.CutsFrames.class, "framesOfEveryLengthArriveWhole"),
        variant(
            BrokenTransports.MovesTheSendersBuffer.class,
            "theSendersBufferIsReadWhereItStandsAndNotMoved"),
        variant(
            BrokenTransports.ReusesItsBuffer.class,
            "aFrameIsHandedOutInNetworkOrderAndNeverTouchedAgain"),
        variant(BrokenTransports.GivesUpOnAReceiver.class, "aReceiverThatThrowsGetsTheNextFrame"),
        variant(BrokenTransports.MixesClusters.class, "anotherClusterIsNotHeard"),
        variant(BrokenTransports.NeverForgetsAPeer.class, "aPeerThatIsNoLongerNamedGetsNothing"),
        variant(
            BrokenTransports.DropsWhatItShouldRefuse.class,
            "anEmptyOrOversizedFrameIsRefusedAtTheSender"),
        variant(BrokenTransports.LeavesAThread.class, "nothingIsLeftWhenItIsClosed"));
  }

  private static Arguments variant(Class<?> broken, String... failing) {
    return Arguments.of(broken, Cases.names(failing));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aFaultFailsItsCases(Class<?> broken, Set<String> failing) {
    assertThat(Cases.of(broken, failing).failed()).isEqualTo(failing);
    assertThat(Cases.of(broken, UNTOUCHED).passed()).isEqualTo(UNTOUCHED);
  }
}
