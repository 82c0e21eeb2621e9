package dev.quorate.chat.member;

import dev.quorate.chat.cluster.ClusterFile;
import dev.quorate.chat.cluster.ClusterFileOption;
import dev.quorate.chat.cluster.ClusterNode;
import dev.quorate.chat.demo.machine.LocalAddress;
import dev.quorate.chat.proto.MemberChange;
import dev.quorate.chat.proto.Result;
import dev.quorate.raft.api.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bin/chat member}: changes who is a member of a running cluster. */
@Command(
    name = "member",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    header = "Adds a node to a running cluster, removes one, or readmits one that lost its disk.",
    description = {
      "",
      "Asks a node of the cluster file that runs on this machine, for nodes let nobody else change"
          + " the members, and waits until the change is complete. The cluster serves meanwhile.",
      "",
      "A sixth node comes and goes like this, where six.json names the five nodes and it:",
      "",
      "  chat node --id 6 --cluster six.json --join",
      "  chat member add 6 --cluster six.json",
      "  chat member remove 6 --cluster six.json",
      ""
    },
    parameterListHeading = "Arguments:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the change is complete",
      "1:nothing was changed, and why",
      "2:the command line makes no sense, or the cluster file",
      "3:no end was seen: what has begun goes on, and may be asked for again"
    })
public final class MemberCommand implements Callable<Integer> {

  private static final int COMPLETE = 0;
  private static final int NOTHING_CHANGED = 1;
  private static final int NO_END_SEEN = 3;

  /** As long as nodes take their time for it. */
  private static final int LONGEST_SECONDS = 300;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "add|remove|readmit",
      description = {
        "add: a node that waits (chat node --join) is sent everything and then votes; one that is"
            + " not there yet is waited for.",
        "remove: a member is none any more. What is on its disk can be no member again: wipe it"
            + " before you add the node once more.",
        "readmit: a member whose disk was lost or wiped takes its place again."
      })
  private String change;

  @Parameters(index = "1", paramLabel = "N", description = "The number of the node.")
  private String node;

  @Mixin private ClusterFileOption cluster;

  @Option(
      names = "--within",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for the end, 1 to 300; left out: ${DEFAULT-VALUE}.")
  private int within;

  /** What can be wished, and how people speak of it. */
  private enum Wish {
    ADD(MemberChange.MEMBER_CHANGE_ADD, "a member", "added"),
    REMOVE(MemberChange.MEMBER_CHANGE_REMOVE, "no member any more", "removed"),
    READMIT(MemberChange.MEMBER_CHANGE_READMIT, "a member again", "readmitted");

    private final MemberChange change;
    private final String then;
    private final String done;

    Wish(MemberChange change, String then, String done) {
      this.change = change;
      this.then = then;
      this.done = done;
    }
  }

  @Override
  public Integer call() {
    Wish wish = wish();
    int number = number();
    if (within < 1 || within > LONGEST_SECONDS) {
      throw wrong("--within is 1 to " + LONGEST_SECONDS + " seconds, not " + within);
    }
    MemberClient members = members(cluster.read(), number);
    long begin = System.nanoTime();
    Result result = members.change(wish.change, number, Duration.ofSeconds(within));
    return tell(wish, number, result, begin);
  }

  private int tell(Wish wish, int number, Result result, long begin) {
    return switch (result.getOutcome()) {
      case OUTCOME_OK -> {
        spec.commandLine()
            .getOut()
            .printf(
                Locale.ROOT,
                "node %d is %s after %.1f s%n",
                number,
                wish.then,
                (System.nanoTime() - begin) / 1e9);
        yield COMPLETE;
      }
      case OUTCOME_INVALID, OUTCOME_BUSY, OUTCOME_UNAVAILABLE, OUTCOME_NOT_ALLOWED -> {
        complain("node " + number + " is not " + wish.done + ": " + result.getMessage());
        yield NOTHING_CHANGED;
      }
      default -> {
        complain(
            "whether node %d is %s is not known: %s"
                .formatted(number, wish.done, result.getMessage()));
        yield NO_END_SEEN;
      }
    };
  }

  private void complain(String message) {
    spec.commandLine().getErr().println(spec.qualifiedName() + ": " + message);
  }

  private Wish wish() {
    for (Wish wish : Wish.values()) {
      if (wish.name().toLowerCase(Locale.ROOT).equals(change)) {
        return wish;
      }
    }
    throw wrong("'" + change + "' means nothing here; the changes are: add, remove, readmit");
  }

  private int number() {
    try {
      int number = Integer.parseInt(node);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong("'" + node + "' is no node's number, which is 1 or more");
  }

  /** The nodes that run here; the one in question last, because it may be no member. */
  private MemberClient members(ClusterFile file, int number) {
    List<Address> own =
        file.nodes().stream()
            .filter(MemberCommand::runsHere)
            .sorted(Comparator.comparing(member -> member.id() == number))
            .map(ClusterNode::chatAddress)
            .toList();
    if (own.isEmpty()) {
      throw wrong(
          "no node of the cluster file runs on this machine; go to one of theirs: "
              + file.nodes().stream()
                  .map(ClusterNode::host)
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    return new MemberClient(file.cluster(), own);
  }

  private static boolean runsHere(ClusterNode member) {
    try {
      return LocalAddress.isOwn(InetAddress.getByName(member.host()));
    } catch (IOException e) {
      return false;
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
