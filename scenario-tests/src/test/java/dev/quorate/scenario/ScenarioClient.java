package dev.quorate.scenario;

import dev.quorate.chat.proto.AddClientRequest;
import dev.quorate.chat.proto.AddClientResponse;
import dev.quorate.chat.proto.ChatServiceGrpc;
import dev.quorate.chat.proto.LogInRequest;
import dev.quorate.chat.proto.LogInResponse;
import dev.quorate.chat.proto.Message;
import dev.quorate.chat.proto.NodeServiceGrpc;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.ReadConversationRequest;
import dev.quorate.chat.proto.ReadConversationResponse;
import dev.quorate.chat.proto.Result;
import dev.quorate.chat.proto.SendMessageRequest;
import dev.quorate.chat.proto.SendMessageResponse;
import dev.quorate.chat.proto.StatusRequest;
import dev.quorate.chat.proto.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A chat client for tests in a process of its own, because a process is what can be put into a
 * network namespace. One command a line, one line of answer: {@code ok ...} or {@code error ...}.
 */
public final class ScenarioClient {
  private static final int DEADLINE_MILLIS = 2_500;

  /** Longer than any node takes to say what became of a call, be it that it cannot tell. */
  private static final int ANSWER_MILLIS = 12_000;

  private static final int PAGE = 1_000;

  /** How many send at a time: one alone waits for disks most of its time. */
  private static final int SENDERS = 4;

  private String token = "";
  private Load load;

  private ScenarioClient() {}

  /** Serves commands until the input ends. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ScenarioClient client = new ScenarioClient();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(client.answer(line.split(" ")));
    }
    System.exit(0);
  }

  private String answer(String[] words) throws InterruptedException {
    try {
      return switch (words[0]) {
        case "state" -> state(words[1]);
        case "leader" -> "ok " + status(words[1]).getLeaderId();
        case "voters" -> "ok " + status(words[1]).getVoters();
        case "conversation" -> conversation(words[1]);
        case "draft" -> call(words[1], this::draft);
        case "send" -> send(words[1], Long.parseLong(words[2]), words[3]);
        case "load" -> load(List.of(words[1].split(",")));
        case "await" -> load.await(Integer.parseInt(words[1]), Long.parseLong(words[2]));
        case "more" -> load.awaitMore(Integer.parseInt(words[1]), Long.parseLong(words[2]));
        case "unload" -> "ok " + String.join(";", load.end());
        default -> "error what is " + words[0] + "?";
      };
    } catch (StatusRuntimeException e) {
      return "error " + e.getStatus();
    } catch (RefusedException e) {
      return "error " + e.getMessage();
    }
  }

  /** The chat said no, or could not say yes. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(Result result) {
      super(result.getOutcome() + " " + result.getCause() + " " + result.getMessage());
    }
  }

  private static <T> T call(String address, Function<ManagedChannel, T> call) {
    int colon = address.lastIndexOf(':');
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(
                    address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))))
            .usePlaintext()
            .build();
    try {
      return call.apply(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private static StatusResponse status(String address) {
    return call(
        address,
        channel ->
            NodeServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .status(StatusRequest.getDefaultInstance()));
  }

  private static String state(String address) {
    StatusResponse status = status(address);
    return "ok %d %s %d %d"
        .formatted(
            status.getStateIndex(), status.getStateHash(), status.getTerm(), status.getLastIndex());
  }

  private ChatServiceGrpc.ChatServiceBlockingStub chat(ManagedChannel channel) {
    return chat(channel, ANSWER_MILLIS);
  }

  private ChatServiceGrpc.ChatServiceBlockingStub chat(ManagedChannel channel, int millis) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), token);
    return ChatServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(millis, TimeUnit.MILLISECONDS)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private static void require(Result result) {
    if (result.getOutcome() != Outcome.OUTCOME_OK) {
      throw new RefusedException(result);
    }
  }

  private void logIn(ManagedChannel channel) {
    if (token.isEmpty()) {
      LogInResponse response =
          chat(channel)
              .logIn(
                  LogInRequest.newBuilder().setName("alice").setPassword("quorate-demo").build());
      require(response.getResult());
      token = response.getSessionToken();
    }
  }

  private String conversation(String address) {
    return call(
        address,
        channel -> {
          logIn(channel);
          List<String> messages = new ArrayList<>();
          long cursor = 0;
          do {
            ReadConversationResponse page =
                chat(channel)
                    .readConversation(
                        ReadConversationRequest.newBuilder()
                            .setWith("bob")
                            .setCursor(cursor)
                            .setPageSize(PAGE)
                            .build());
            require(page.getResult());
            for (Message message : page.getMessagesList()) {
              messages.add(
                  message.getId() + "@" + message.getSentAt() + "@" + message.getContent());
            }
            cursor = page.getNextCursor();
          } while (cursor != 0);
          return "ok " + String.join(";", messages);
        });
  }

  /** A client id for one message. */
  private String draft(ManagedChannel channel) {
    logIn(channel);
    return "ok " + addClient(channel);
  }

  /** The one message of a client id: sent again it is the same. */
  private String send(String address, long client, String content) {
    return call(
        address,
        channel -> {
          SendMessageResponse sent =
              chat(channel)
                  .sendMessage(
                      SendMessageRequest.newBuilder()
                          .setClientId(client)
                          .setSequence(1)
                          .setRecipient("bob")
                          .setContent(content)
                          .build());
          require(sent.getResult());
          return "ok " + sent.getMessageId() + "@" + sent.getSentAt() + "@" + content;
        });
  }

  private String load(List<String> addresses) {
    List<Long> clients =
        call(
            addresses.get(0),
            channel -> {
              logIn(channel);
              return Stream.generate(() -> addClient(channel)).limit(SENDERS).toList();
            });
    load = new Load(addresses, clients);
    load.start();
    return "ok";
  }

  private long addClient(ManagedChannel channel) {
    AddClientResponse added = chat(channel).addClient(AddClientRequest.getDefaultInstance());
    require(added.getResult());
    return added.getClientId();
  }

  /** Some senders, and what was acknowledged to them. */
  private final class Load {
    private final List<String> acknowledged = new ArrayList<>();
    private final List<Thread> senders;
    private volatile boolean ending;

    Load(List<String> addresses, List<Long> clients) {
      senders =
          clients.stream()
              .map(client -> new Thread(new Sender(this, addresses, client), "load " + client))
              .toList();
    }

    void start() {
      senders.forEach(
          sender -> {
            sender.setDaemon(true);
            sender.start();
          });
    }

    void add(String message) {
      synchronized (acknowledged) {
        acknowledged.add(message);
        acknowledged.notifyAll();
      }
    }

    String awaitMore(int count, long millis) throws InterruptedException {
      int already;
      synchronized (acknowledged) {
        already = acknowledged.size();
      }
      return await(already + count, millis);
    }

    /** Asking again and again would keep the machine from sending. */
    String await(int count, long millis) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      synchronized (acknowledged) {
        while (acknowledged.size() < count) {
          long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          if (left <= 0) {
            return "error only " + acknowledged.size() + " acknowledgements";
          }
          acknowledged.wait(left);
        }
      }
      return "ok";
    }

    List<String> end() throws InterruptedException {
      ending = true;
      for (Thread sender : senders) {
        sender.join();
      }
      synchronized (acknowledged) {
        return List.copyOf(acknowledged);
      }
    }
  }

  /** Sends messages without a pause, each until it is acknowledged by some node. */
  private final class Sender implements Runnable {
    private final Load load;
    private final List<String> addresses;
    private final String name = UUID.randomUUID().toString();
    private final long client;
    private long sequence = 1;

    Sender(Load load, List<String> addresses, long client) {
      this.load = load;
      this.addresses = addresses;
      this.client = client;
    }

    @Override
    public void run() {
      for (int at = 0; !load.ending; at = (at + 1) % addresses.size()) {
        call(
            addresses.get(at),
            channel -> {
              boolean sent = true;
              while (sent && !load.ending) {
                sent = send(channel);
              }
              return sent;
            });
      }
    }

    /** The same sequence until it is acknowledged: a retry is the same message. */
    private boolean send(ManagedChannel channel) {
      String content = "load " + name + " " + sequence;
      try {
        SendMessageResponse sent =
            chat(channel, DEADLINE_MILLIS)
                .sendMessage(
                    SendMessageRequest.newBuilder()
                        .setClientId(client)
                        .setSequence(sequence)
                        .setRecipient("bob")
                        .setContent(content)
                        .build());
        if (sent.getResult().getOutcome() != Outcome.OUTCOME_OK) {
          return false;
        }
        load.add(sent.getMessageId() + "@" + sent.getSentAt() + "@" + content);
        sequence++;
        return true;
      } catch (StatusRuntimeException e) {
        return false;
      }
    }
  }
}
