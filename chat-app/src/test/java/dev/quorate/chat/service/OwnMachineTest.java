package dev.quorate.chat.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnMachineTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.2, 127.0.0.1, true",
    "10.0.0.1,  10.0.0.1,  true",
    "10.0.0.1,  10.0.0.2,  false",
    "0::1,      0::1,      true"
  })
  void tellsOwnCallersFromOthers(String local, String remote, boolean own) throws Exception {
    assertThat(OwnMachine.isOwn(at(local), at(remote))).isEqualTo(own);
    assertThat(OwnMachine.isOwn(null, at(remote))).isFalse();
    assertThat(OwnMachine.isOwn(at(local), null)).isFalse();
  }

  private static InetSocketAddress at(String host) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(host), 7);
  }
}
