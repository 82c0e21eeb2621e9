package dev.quorate.raft.engine;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.ConfigurationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A list of nodes as users write it, in its order: some with their ids, and where others listen.
 *
 * @param named addresses by id
 * @param unnamed addresses alone
 */
record MemberList(Map<NodeId, Address> named, List<Address> unnamed) {

  private static final String NAMED = "id=host:port";

  MemberList {
    named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
    unnamed = List.copyOf(unnamed);
  }

  /** Reads a list in which every node has its id. */
  static Map<NodeId, Address> ofNamed(String text) {
    MemberList list = parse(text, NAMED);
    if (!list.unnamed.isEmpty()) {
      throw new ConfigurationException(
          "'" + list.unnamed.get(0) + "' in the list of nodes is not of the form " + NAMED);
    }
    return list.named;
  }

  /** Reads a list in which an address may stand alone. */
  static MemberList ofEither(String text) {
    MemberList list = parse(text, "host:port or " + NAMED);
    for (Address address : list.unnamed) {
      if (address.port() == 0) {
        throw new ConfigurationException(
            "nobody can be asked at " + address + "; name the port that a member listens at");
      }
    }
    return list;
  }

  private static MemberList parse(String text, String form) {
    Map<NodeId, Address> named = new LinkedHashMap<>();
    List<Address> unnamed = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      try {
        add(item.strip(), named, unnamed);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(
            "'"
                + item.strip()
                + "' in the list of nodes is not of the form "
                + form
                + ": "
                + e.getMessage(),
            e);
      }
    }
    return new MemberList(named, unnamed);
  }

  private static void add(String item, Map<NodeId, Address> named, List<Address> unnamed) {
    String[] parts = item.split("=", 2);
    Address address = Address.parse(parts[parts.length - 1].strip());
    if (parts.length == 1) {
      if (unnamed.contains(address)) {
        throw new ConfigurationException("address " + address + " is listed twice");
      }
      unnamed.add(address);
    } else {
      NodeId node = NodeId.of(parts[0].strip());
      if (named.put(node, address) != null) {
        throw new ConfigurationException("node " + node + " is listed twice");
      }
    }
  }
}
