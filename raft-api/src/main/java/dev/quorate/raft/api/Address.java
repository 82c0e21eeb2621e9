package dev.quorate.raft.api;

import java.util.Objects;

/**
 * Where a node's transport listens. An address is data, never an identity: the host is resolved
 * anew at each connection attempt.
 *
 * @param host a host name or a literal IP address, without brackets
 * @param port 0 to 65535; 0 asks the operating system for a free port and is legal only for binding
 */
public record Address(String host, int port) {

  private static final int MAX_PORT = 65_535;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the host is blank or the port is out of range
   */
  public Address {
    Objects.requireNonNull(host, "host");
    if (host.isBlank()) {
      throw new IllegalArgumentException("an address needs a host, as in host1:7001");
    }
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port " + port + " of '" + host + "' is not 0 to 65535");
    }
  }

  /**
   * Reads {@code host:port}; an IPv6 literal stands in brackets, as in {@code [::1]:7001}.
   *
   * @param text the text
   * @return the address
   * @throws IllegalArgumentException if the text has another form
   */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      throw new IllegalArgumentException("'" + text + "' is no address of the form host:port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is ambiguous: write an IPv6 address in brackets, as in [::1]:7001");
    }
    try {
      return new Address(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' has no port number after the colon", e);
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
