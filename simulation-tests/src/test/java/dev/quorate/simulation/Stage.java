package dev.quorate.simulation;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.simulation.Fault;
import java.time.Duration;

/**
 * Where a mistake is looked for. The campaign finds most; some need a few faults in a row that it
 * seldom draws together, and have a stage on which little else happens.
 */
public enum Stage {
  /** All faults. */
  CAMPAIGN {
    @Override
    Simulation simulation(long seed) {
      return Campaign.simulation(seed);
    }
  },

  /** Leaders with leases that are cut off from some, and voters that are slow or restart. */
  LEASES {
    @Override
    Simulation simulation(long seed) {
      return small(seed)
          .faults(Fault.KILL, Fault.FRAME_DELAY, Fault.ONE_WAY_CUT)
          .always(Fault.CLOG, Fault.ONE_WAY_ISOLATION)
          .setting("raft.lease", "true");
    }
  },

  /** Leaders that come back, and answers from their former terms. */
  RETURNS {
    @Override
    Simulation simulation(long seed) {
      return small(seed)
          .nodes(5)
          .faults(Fault.KILL)
          .always(Fault.PARTITION, Fault.BURST, Fault.TRANSFER, Fault.OLD_FRAMES);
    }
  },

  /** Voters that restart at once under a leader with a lease whom another voter does not hear. */
  RESTARTS {
    @Override
    Simulation simulation(long seed) {
      return small(seed)
          .faults()
          .always(Fault.CRASH_LOOP, Fault.BRIDGE)
          .pace(Duration.ofMillis(5))
          .reads(100)
          .sessions(0)
          .setting("raft.lease", "true");
    }
  },

  /** Members that change their standing and are cut off, in small clusters with short storms. */
  STANDINGS {
    @Override
    Simulation simulation(long seed) {
      return small(seed)
          .faults()
          .always(
              Fault.CHANGE_STANDING,
              Fault.CHANGE_SEVERAL_MEMBERS,
              Fault.CHANGE_UPON_CHANGE,
              Fault.ISOLATION)
          .pace(Duration.ofMillis(500))
          .sessions(0)
          .storm(Duration.ofSeconds(3));
    }
  },

  /** Followers that fetch one snapshot after another, of leaders that end. */
  FETCHES {
    @Override
    Simulation simulation(long seed) {
      return Simulation.of(HeavyAccounts::new, new Accounts.Moves(false))
          .seed(seed)
          .nodes(5)
          .faults(Fault.SNAPSHOT, Fault.FRAME_LOSS)
          .always(Fault.ISOLATION, Fault.KILL, Fault.OLD_FRAMES, Fault.SLOW_BULK)
          .setting("raft.max-frame-bytes", "4KiB")
          .setting("raft.max-batch-bytes", "1KiB")
          .setting("raft.max-command-bytes", Campaign.MAX_COMMAND_BYTES + "B")
          .setting("raft.snapshot.max-bytes-per-second", "64KiB")
          .setting("raft.snapshot.after-entries", "30")
          .setting("raft.snapshot.tail-entries", "3");
    }
  },

  /** Nodes with different keys, of which only those count that are in the log. */
  KEYS {
    @Override
    Simulation simulation(long seed) {
      return small(seed)
          .faults(Fault.KILL, Fault.PARTITION, Fault.TRANSFER)
          .setting("raft.max-sessions", "3")
          // By the end all must have expired, or there might be no room for another.
          .setting("raft.session.timeout", "2s")
          .setting(1, "raft.max-sessions", "1")
          .setting(2, "raft.session.timeout", "1s")
          .setting(3, "raft.session.max-results", "2");
    }
  },

  /** Leaders that moved, while some hear and others store nothing. */
  MOVES {
    @Override
    Simulation simulation(long seed) {
      return small(seed)
          .nodes(5)
          .faults(Fault.KILL)
          .always(Fault.MOVED_ADDRESS, Fault.TRANSFER, Fault.DISK_STALL)
          .sessions(0);
    }
  },

  /**
   * What callers see is judged by a model. Without floods of calls at once, which leave a model
   * many orders to refute.
   */
  HISTORIES {
    @Override
    Simulation simulation(long seed) {
      return KeyValues.simulation(KeyValueStore::new, seed)
          .without(Fault.BURST, Fault.LONELY_LEADER, Fault.BROKEN_INQUIRY);
    }
  },

  /**
   * Nodes that join by the address of one member, which dies, is cut off, or removed. None moves:
   * of two that moved a third must know, and here disks are lost and members removed all the time.
   */
  JOINS {
    @Override
    Simulation simulation(long seed) {
      return small(seed)
          .faults(
              Fault.KILL,
              Fault.POWER_LOSS,
              Fault.CLOSE,
              Fault.ISOLATION,
              Fault.ONE_WAY_CUT,
              Fault.FRAME_LOSS,
              Fault.REMOVE_LEADER)
          .always(
              Fault.BROKEN_INQUIRY,
              Fault.ADD_MEMBER,
              Fault.REMOVE_MEMBER,
              Fault.READMIT_DISK,
              Fault.WIPED_DISK)
          .storm(Duration.ofSeconds(10));
    }
  },

  /** A cluster that is backed up and restored as another one, which goes on beside it. */
  RESTORES {
    @Override
    Simulation simulation(long seed) {
      return small(seed)
          .faults(
              Fault.KILL,
              Fault.POWER_LOSS,
              Fault.CRASH_LOOP,
              Fault.ISOLATION,
              Fault.TRANSFER,
              Fault.FRAME_LOSS,
              Fault.BIT_FLIP,
              Fault.CHANGE_STANDING)
          .always(Fault.SNAPSHOT)
          .sessions(4)
          .storm(Duration.ofSeconds(8))
          .setting("raft.session.timeout", "10m")
          .setting("raft.snapshot.after-entries", "40")
          .setting("raft.snapshot.tail-entries", "5")
          .restored(new RaftTool());
    }
  };

  private static Simulation small(long seed) {
    return Simulation.of(Accounts::new, new Accounts.Moves(false)).seed(seed);
  }

  abstract Simulation simulation(long seed);

  /** Runs one seed and tells which invariant breaks; empty if none does. */
  public static String breaks(String stage, long seed) {
    return valueOf(stage).simulation(seed).broken().orElse("");
  }

  /** Runs one seed; what breaks is thrown, made small. */
  public static void run(String stage, long seed) {
    valueOf(stage).simulation(seed).run();
  }
}
