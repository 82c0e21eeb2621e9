package dev.quorate.chat.demo;

import dev.quorate.chat.client.ChatClient;
import dev.quorate.chat.client.ChatSession;
import dev.quorate.chat.demo.machine.Layout;
import dev.quorate.chat.demo.machine.Place;
import dev.quorate.chat.proto.CheckUsernameResponse;
import dev.quorate.chat.proto.ConversationOrder;
import dev.quorate.chat.proto.LogInResponse;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.ReadConversationResponse;
import dev.quorate.chat.proto.Result;
import dev.quorate.chat.proto.SendMessageResponse;
import dev.quorate.raft.api.Address;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Sends a message from alice to bob and looks for it in bob's conversation, as any client would:
 * through whatever node serves, those of this machine first.
 */
final class ChatTrial implements Trial {
  private static final String SENDER = "alice";
  private static final String RECIPIENT = "bob";

  /** No secret: whoever runs the demo may log in as alice or bob and look around. */
  private static final String PASSWORD = "quorate-demo";

  /** With the look at the nodes that explains a failure this stays below 5 s. */
  private static final Duration STEP = Duration.ofMillis(3300);

  /**
   * Hashing a password takes a node long, on purpose, and longer while all nodes are starting. If
   * the quorum is lost meanwhile, {@link WatchedTrial} does not wait for this.
   */
  private static final Duration HASHING_STEP = Duration.ofSeconds(8);

  private static final Duration ONE_NODE = Duration.ofMillis(1500);

  private static final int PAGE = 100;

  private final List<Address> nodes;
  private final String origin;

  ChatTrial(Layout layout) {
    this.nodes =
        Stream.concat(layout.local().stream(), layout.remote().stream())
            .map(ChatTrial::address)
            .toList();
    this.origin = layout.machine() == 0 ? "" : " from machine " + layout.machine();
  }

  private static Address address(Place place) {
    return new Address(place.host(), place.chatPort());
  }

  /** A step that did not end as it should; the message says why. */
  private static final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    StepFailedException(String step, Result result) {
      super(
          step
              + " failed: "
              + (result.getMessage().isEmpty() ? result.getOutcome() : result.getMessage()));
    }
  }

  @Override
  public Verdict run() {
    try (ChatClient client = new ChatClient(nodes, STEP, ONE_NODE);
        ChatClient hashing = new ChatClient(nodes, HASHING_STEP, ONE_NODE)) {
      ensureAccount(client, hashing, SENDER);
      ensureAccount(client, hashing, RECIPIENT);
      ChatSession sender = client.session(logIn(hashing, SENDER));
      long message = send(sender);
      ChatSession recipient = client.session(logIn(hashing, RECIPIENT));
      boolean there = isThere(recipient, message);
      return new Verdict(
          there,
          "%s's message %d %s %s's conversation"
              .formatted(
                  SENDER, message, there ? "is in" : "was acknowledged, but is not in", RECIPIENT));
    } catch (StepFailedException e) {
      return new Verdict(false, e.getMessage());
    }
  }

  private static void ensureAccount(ChatClient client, ChatClient hashing, String name)
      throws StepFailedException {
    if (exists(client, name)) {
      return;
    }
    Result created = hashing.createAccount(name, PASSWORD).getResult();
    boolean taken = created.getOutcome() == Outcome.OUTCOME_NAME_TAKEN;
    boolean unknown = created.getOutcome() == Outcome.OUTCOME_UNKNOWN;
    // Taken: the test of the other machine was faster. Unknown: it is there now, or not.
    if (!taken && !(unknown && exists(client, name))) {
      require("creating " + name, created);
    }
  }

  private static boolean exists(ChatClient client, String name) throws StepFailedException {
    CheckUsernameResponse check = client.checkUsername(name);
    require("looking for " + name, check.getResult());
    return check.getExists();
  }

  private static String logIn(ChatClient hashing, String name) throws StepFailedException {
    LogInResponse response = hashing.logIn(name, PASSWORD);
    require("logging in as " + name, response.getResult());
    return response.getSessionToken();
  }

  private long send(ChatSession sender) throws StepFailedException {
    String content = "A test" + origin + ": " + UUID.randomUUID();
    SendMessageResponse response = sender.send(RECIPIENT, content);
    require("sending a message", response.getResult());
    return response.getMessageId();
  }

  private static boolean isThere(ChatSession recipient, long message) throws StepFailedException {
    ReadConversationResponse page =
        recipient.readConversation(
            SENDER, ConversationOrder.CONVERSATION_ORDER_NEWEST_FIRST, 0, PAGE);
    require("reading " + RECIPIENT + "'s conversation", page.getResult());
    return page.getMessagesList().stream().anyMatch(found -> found.getId() == message);
  }

  private static void require(String step, Result result) throws StepFailedException {
    if (result.getOutcome() != Outcome.OUTCOME_OK) {
      throw new StepFailedException(step, result);
    }
  }
}
