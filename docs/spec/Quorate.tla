------------------------------ MODULE Quorate ------------------------------
(***************************************************************************)
(* The consensus protocol of raft-engine: elections, replication, changes  *)
(* of membership by joint consensus, and linearizable reads, over disks    *)
(* that forget what was not forced and over a network that loses, repeats  *)
(* and delays.  README.md says what is left out and how it is checked.     *)
(* Rules P1, P2, ... and invariants I1, I2, ... are named as in the code.  *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  Nodes,        \* who there is
  Founders,     \* those of them whom the first configuration names as voters
  Targets,      \* sets of nodes that may become the voters
  Lost, Heir,   \* a node that may lose its disk, and the same one with its next disk
  Slow,         \* nodes whose forces take a while; with the others a write is forced at once
  None,         \* no node
  MaxTerm, MaxLog, MaxRound,    \* bounds of the state space
  Mutant        \* a mistake to be made, or "none"

Terms == 1 .. MaxTerm

(***************************************************************************)
(* A node is an id together with an incarnation, the number of its disk    *)
(* (P1): with another disk it is another node.  A configuration is joint   *)
(* while outgoing is not empty.                                            *)
(***************************************************************************)
NoConf == [voters |-> {}, outgoing |-> {}]
FirstConf == [voters |-> Founders, outgoing |-> {}]

Voters(c) == c.voters \cup c.outgoing
Majority(S, V) == 2 * Cardinality(S \cap V) > Cardinality(V)
Quorum(S, c) == /\ Majority(S, c.voters)
                /\ c.outgoing # {} => Majority(S, c.outgoing)

(***************************************************************************)
(* Entries differ by their terms, and by the configuration that they may   *)
(* carry.  No-ops and commands are all the same to consensus.  The entry   *)
(* with which a cluster is founded is left out of the logs.                *)
(***************************************************************************)
Entry(t) == [term |-> t, conf |-> NoConf]
ConfEntry(t, c) == [term |-> t, conf |-> c]
IsConf(e) == e.conf # NoConf

LastTerm(log) == IF log = <<>> THEN 0 ELSE log[Len(log)].term

VARIABLES
  mem,      \* by node: term, vote and log as the node has them in memory,
  disk,     \* and as they are on its disk
  role,     \* by node: follower, candidate, leader, or gone (its disk is not there)
  outbox,   \* by node: messages that wait for the write of what they promise
  msgs,     \* requests for votes and all answers that were ever sent
  said,     \* by term: what its leader has sent, see below
  read,     \* the read that was asked for last
  decided,  \* what was ever committed, and how
  usurped   \* terms in which a second leader was elected

vars == <<mem, disk, role, outbox, msgs, said, read, decided, usurped>>

(***************************************************************************)
(* A leader's log only grows while it leads, so that every AppendEntries   *)
(* which it ever sent is a slice of said[term].log, and every heartbeat    *)
(* named a round up to said[term].round.  Receiving any of it at any time  *)
(* is loss, repetition and delay; the messages need not be kept.           *)
(***************************************************************************)
Silence == [by |-> None, log |-> <<>>, commit |-> 0, round |-> 0]

Term(n) == mem[n].term
Log(n) == mem[n].log
Committed(n) == said[Term(n)].commit    \* of a leader

ConfIndexes(log) == {i \in DOMAIN log : IsConf(log[i])}
Max(S) == CHOOSE x \in S : \A y \in S : y <= x
Min(a, b) == IF a < b THEN a ELSE b

Decided(i, e) == \E d \in decided : d.index = i /\ d.entry = e

\* P7: the last configuration in the log, committed or not.
ConfIndex(log) == IF ConfIndexes(log) = {} THEN 0 ELSE Max(ConfIndexes(log))
Conf(log) == IF ConfIndexes(log) = {} THEN FirstConf ELSE log[ConfIndex(log)].conf

\* What is for a node, or from one, is for and from the disk that is named (P1).
Ids(S) == IF Mutant = "any incarnation" /\ S \cap {Lost, Heir} # {} THEN S \cup {Lost, Heir} ELSE S

(***************************************************************************)
(* What promises durability waits until the node's disk has all that its   *)
(* memory has (WriteStream.gate).  An answer that says more replaces one   *)
(* that says less.                                                         *)
(***************************************************************************)
Weaker(a, b) ==
  /\ a # b
  /\ a.type = b.type /\ a.term = b.term /\ a.from = b.from
  /\ \/ a.type = "accepted" /\ a.match <= b.match
     \/ a.type = "heard" /\ a.round <= b.round

With(set, m) ==
  IF \E x \in set : Weaker(m, x) THEN set ELSE {x \in set : ~Weaker(x, m)} \cup {m}

RECURSIVE WithAll(_, _)
WithAll(set, more) ==
  IF more = {} THEN set
  ELSE LET m == CHOOSE x \in more : TRUE IN WithAll(With(set, m), more \ {m})

Write(n, m) ==
  /\ mem' = [mem EXCEPT ![n] = m]
  /\ disk' = IF n \in Slow THEN disk ELSE [disk EXCEPT ![n] = m]

\* After Write, in the same step.
Say(n, m, atOnce) ==
  IF atOnce \/ mem'[n] = disk'[n]
  THEN msgs' = With(msgs, m) /\ UNCHANGED outbox
  ELSE outbox' = [outbox EXCEPT ![n] = With(@, m)] /\ UNCHANGED msgs

Fresh == [term |-> 0, vote |-> None, log |-> <<>>]

Init ==
  /\ mem = [n \in Nodes |-> Fresh]
  /\ disk = mem
  /\ role = [n \in Nodes |-> IF n = Heir THEN "gone" ELSE "follower"]
  /\ outbox = [n \in Nodes |-> {}]
  /\ msgs = {}
  /\ said = [t \in Terms |-> Silence]
  /\ read = [phase |-> "none"]
  /\ decided = {}
  /\ usurped = {}

(***************************************************************************)
(* The disk.                                                               *)
(***************************************************************************)

\* A force ends, and what waited for it is sent.
Persist(n) ==
  /\ mem[n] # disk[n] \/ outbox[n] # {}
  /\ disk' = [disk EXCEPT ![n] = mem[n]]
  /\ msgs' = WithAll(msgs, outbox[n])
  /\ outbox' = [outbox EXCEPT ![n] = {}]
  /\ UNCHANGED <<mem, role, said, read, decided, usurped>>

\* Power fails, and the node starts again.  That some of what was not forced survives is
\* a force whose messages are all lost.
Restart(n) ==
  /\ mem[n] # disk[n] \/ outbox[n] # {} \/ role[n] # "follower"
  /\ mem' = [mem EXCEPT ![n] = disk[n]]
  /\ role' = [role EXCEPT ![n] = "follower"]
  /\ outbox' = [outbox EXCEPT ![n] = {}]
  /\ UNCHANGED <<disk, msgs, said, read, decided, usurped>>

\* The disk is lost, and with it all that the node promised.  From now on there is the heir.
Wipe(n) ==
  /\ n = Lost
  /\ role' = [role EXCEPT ![n] = "gone", ![Heir] = "follower"]
  /\ mem' = [mem EXCEPT ![n] = Fresh]
  /\ disk' = [disk EXCEPT ![n] = Fresh]
  /\ outbox' = [outbox EXCEPT ![n] = {}]
  /\ UNCHANGED <<msgs, said, read, decided, usurped>>

(***************************************************************************)
(* Elections.  PreVote and stickiness only make them rarer.                *)
(***************************************************************************)

\* P2: only a voter of its own effective configuration stands, and asks only those.
\* The request waits for term, vote and log, as every promise does.
Stand(n) ==
  LET t == Term(n) + 1
      c == Conf(Log(n))
      request == [type |-> "request", term |-> t, from |-> n, to |-> Voters(c) \ {n},
                  lastTerm |-> LastTerm(Log(n)), lastIndex |-> Len(Log(n))]
  IN
  /\ t <= MaxTerm
  /\ n \in Voters(c)
  /\ Write(n, [mem[n] EXCEPT !.term = t, !.vote = n])
  /\ role' = [role EXCEPT ![n] = "candidate"]
  /\ Say(n, request, Mutant = "request at once")
  /\ UNCHANGED <<said, read, decided, usurped>>

UpToDate(m, log) ==
  \/ m.lastTerm > LastTerm(log)
  \/ m.lastTerm = LastTerm(log) /\ m.lastIndex >= Len(log)

\* P2: whoever is named with its disk votes, whatever its own log says of its role.
Vote(n, m) ==
  LET vote == IF m.term > Term(n) THEN None ELSE mem[n].vote
      granted == vote \in {None, m.from} /\ UpToDate(m, Log(n))
      answer == [type |-> "vote", term |-> m.term, from |-> n, to |-> m.from]
  IN
  /\ m.type = "request"
  /\ m.term >= Term(n)
  /\ n \in Ids(m.to)
  /\ Write(n, [mem[n] EXCEPT !.term = m.term, !.vote = IF granted THEN m.from ELSE vote])
  /\ role' = [role EXCEPT ![n] = IF m.term > Term(n) THEN "follower" ELSE @]
  /\ IF granted
     THEN Say(n, answer, Mutant = "vote at once")
     ELSE UNCHANGED <<msgs, outbox>>
  /\ UNCHANGED <<said, read, decided, usurped>>

VotesFor(n) ==
  {n} \cup
  {m.from : m \in {x \in msgs : x.type = "vote" /\ x.term = Term(n) /\ x.to = n}}

\* The own vote counts once it is durable.  A leader begins with an entry of its own term.
\* Followers hear what is committed; whoever comes to lead is taken to have heard all.
Lead(n) ==
  LET t == Term(n)
      log == Append(Log(n), Entry(t))
      known == {i \in DOMAIN Log(n) : Decided(i, log[i])}
  IN
  /\ role[n] = "candidate"
  /\ Len(log) <= MaxLog
  /\ disk[n].term = t /\ disk[n].vote = n
  /\ Quorum(Ids(VotesFor(n)), Conf(Log(n)))
  /\ role' = [role EXCEPT ![n] = "leader"]
  /\ Write(n, [mem[n] EXCEPT !.log = log])
  /\ said' = [said EXCEPT ![t] = [by |-> n, log |-> log, commit |-> Max({0} \cup known), round |-> 0]]
  /\ usurped' = IF said[t].by = None THEN usurped ELSE usurped \cup {t}
  /\ UNCHANGED <<outbox, msgs, read, decided>>

(***************************************************************************)
(* Replication.                                                            *)
(***************************************************************************)

LeaderAppends(n, entry) ==
  /\ role[n] = "leader"
  /\ Len(Log(n)) < MaxLog
  /\ Write(n, [mem[n] EXCEPT !.log = Append(@, entry)])
  /\ said' = [said EXCEPT ![Term(n)].log = Append(@, entry)]
  /\ UNCHANGED <<role, outbox, msgs, read, decided, usurped>>

Command(n) == LeaderAppends(n, Entry(Term(n)))

\* A node hears from the leader of a term that is not below its own, and follows it.
Hears(n, t) ==
  /\ said[t].by \notin {None, n}
  /\ t >= Term(n)
  /\ role' = [role EXCEPT ![n] = "follower"]

TermOf(n, t) == IF t > Term(n) THEN [mem[n] EXCEPT !.term = t, !.vote = None] ELSE mem[n]

\* A request carries entries up to last.  It is taken to begin at the first one: of a later
\* beginning it is checked that all before it is equal.  Only an entry that differs is replaced.
Accept(n, t) ==
  \E last \in 1 .. Len(said[t].log) :
    LET theirs == SubSeq(said[t].log, 1, last)
        differs == \E i \in 1 .. Min(last, Len(Log(n))) : Log(n)[i] # theirs[i]
        log == IF differs \/ last > Len(Log(n)) THEN theirs ELSE Log(n)
        answer == [type |-> "accepted", term |-> t, from |-> n, match |-> last]
    IN
    /\ Hears(n, t)
    /\ Write(n, [TermOf(n, t) EXCEPT !.log = log])
    /\ Say(n, answer, Mutant = "acknowledge at once")
    /\ UNCHANGED <<said, read, decided, usurped>>

\* Who has this leader's log up to an index, durably.
Holders(n, i) ==
  (IF Len(disk[n].log) >= i THEN {n} ELSE {}) \cup
  {m.from : m \in {x \in msgs : x.type = "accepted" /\ x.term = Term(n) /\ x.match >= i}}

\* What a quorum has is committed if its last entry is of the leader's term.
CommitTo(n, i) ==
  LET c == Conf(Log(n))
      new == {j \in 1 .. i : ~Decided(j, Log(n)[j])}
  IN
  /\ role[n] = "leader"
  /\ i \in DOMAIN Log(n) /\ Quorum(Ids(Holders(n, i)), c)
  /\ i > Committed(n)
  /\ Log(n)[i].term = Term(n) \/ Mutant = "commit of old terms"
  /\ said' = [said EXCEPT ![Term(n)].commit = i]
  /\ decided' = decided \cup
       {[index |-> j, entry |-> Log(n)[j], term |-> Term(n), conf |-> c] : j \in new}
  /\ UNCHANGED <<mem, disk, role, outbox, msgs, read, usurped>>

\* A leader goes as far as it can.
Commit(n) ==
  CommitTo(n, Max({0} \cup {j \in DOMAIN Log(n) : Quorum(Ids(Holders(n, j)), Conf(Log(n)))}))

(***************************************************************************)
(* Membership (P7): C_old,new, and once that is committed C_new.  One      *)
(* change at a time; whoever leads in a joint configuration ends it.       *)
(***************************************************************************)

BeginChange(n) ==
  LET c == Conf(Log(n)) IN
  /\ role[n] = "leader"
  /\ c.outgoing = {}
  /\ ConfIndex(Log(n)) <= Committed(n)
  /\ \E target \in Targets :
       /\ target # c.voters
       /\ LeaderAppends(n, ConfEntry(Term(n), [voters |-> target, outgoing |-> c.voters]))

EndChange(n) ==
  LET c == Conf(Log(n)) IN
  /\ role[n] = "leader"
  /\ c.outgoing # {}
  /\ ConfIndex(Log(n)) <= Committed(n) \/ Mutant = "new before joint"
  /\ LeaderAppends(n, ConfEntry(Term(n), [voters |-> c.voters, outgoing |-> {}]))

(***************************************************************************)
(* Reads (P8).  A leader that has committed in its term takes its commit   *)
(* index and sends a round; when a quorum of the configuration of that     *)
(* moment has answered it, the read may be served at that index.           *)
(***************************************************************************)

Newest == Max({0} \cup {d.index : d \in decided})

BeginRead(n) ==
  LET t == Term(n) IN
  /\ role[n] = "leader"
  /\ Mutant = "read before no-op" \/ (Committed(n) > 0 /\ Log(n)[Committed(n)].term = t)
  /\ said[t].round < MaxRound
  /\ said' = [said EXCEPT ![t].round = @ + 1]
  /\ read' = [phase |-> "asked", by |-> n, term |-> t, index |-> Committed(n), newest |-> Newest,
              conf |-> Conf(Log(n)),
              round |-> IF Mutant = "earlier round" THEN said[t].round ELSE said[t].round + 1]
  /\ UNCHANGED <<mem, disk, role, outbox, msgs, decided, usurped>>

\* The answer waits for the term only (P16).
Answer(n, t) ==
  LET answer == [type |-> "heard", term |-> t, from |-> n, round |-> said[t].round] IN
  /\ Hears(n, t)
  /\ said[t].round > 0
  /\ Write(n, TermOf(n, t))
  /\ Say(n, answer, mem'[n].term = disk'[n].term /\ mem'[n].vote = disk'[n].vote)
  /\ UNCHANGED <<said, read, decided, usurped>>

ServeRead ==
  /\ read.phase = "asked"
  /\ role[read.by] = "leader" /\ Term(read.by) = read.term
  /\ LET heard == {m \in msgs : m.type = "heard" /\ m.term = read.term /\ m.round >= read.round}
         answered == {read.by} \cup {m.from : m \in heard}
     IN Quorum(Ids(answered), read.conf)
  /\ read' = [phase |-> "served", index |-> read.index, newest |-> read.newest]
  /\ UNCHANGED <<mem, disk, role, outbox, msgs, said, decided, usurped>>

-----------------------------------------------------------------------------

Next ==
  \/ ServeRead
  \/ \E n \in {m \in Nodes : role[m] # "gone"} :
       \/ Persist(n) \/ Restart(n) \/ Wipe(n)
       \/ Stand(n) \/ Lead(n)
       \/ \E m \in msgs : Vote(n, m)
       \/ Command(n) \/ Commit(n)
       \/ \E t \in Terms : Accept(n, t) \/ Answer(n, t)
       \/ BeginChange(n) \/ EndChange(n)
       \/ BeginRead(n)

Spec == Init /\ [][Next]_vars

(***************************************************************************)
(* The invariants.                                                         *)
(***************************************************************************)

Has(log, i, e) == Len(log) >= i /\ log[i] = e

\* At most one leader a term.
I1 == usurped = {}

\* An index and a term name one entry, and with it all before.
Logs == {mem[n].log : n \in Nodes} \cup {disk[n].log : n \in Nodes}
I2 ==
  \A a, b \in Logs : \A i \in 1 .. Min(Len(a), Len(b)) :
    a[i].term = b[i].term => SubSeq(a, 1, i) = SubSeq(b, 1, i)

\* A leader has every entry that was committed in a term before its own.
I3 ==
  \A n \in Nodes : role[n] = "leader" =>
    \A d \in decided : d.term < Term(n) => Has(Log(n), d.index, d.entry)

\* What is committed never changes, and no leader says anything else of it.
I4 ==
  /\ \A a, b \in decided : a.index = b.index => a.entry = b.entry
  /\ \A t \in Terms : \A i \in 1 .. said[t].commit : Decided(i, said[t].log[i])

\* What is committed is on the disks of a quorum of the configuration that committed it.
\* (It stays there, and disks that were lost are not counted: check it without Wipe.)
I6 ==
  \A d \in decided :
    Quorum({n \in Nodes : Has(disk[n].log, d.index, d.entry)}, d.conf)

\* In every log at most one configuration is not committed, and whoever decides by one shares
\* a voter with whoever decides by the next.
Meet(V, W) == \A S \in SUBSET V, T \in SUBSET W :
  Majority(S, V) /\ Majority(T, W) => S \cap T # {}
Halves(c) == {c.voters} \cup (IF c.outgoing = {} THEN {} ELSE {c.outgoing})
ConfAt(log, i) == IF i = 0 THEN FirstConf ELSE log[i].conf
I10 ==
  \A log \in Logs :
    LET at == ConfIndexes(log)
        open == {i \in at : ~Decided(i, log[i])}
    IN /\ Cardinality(open) <= 1
       /\ \A i, j \in at \cup {0} : i < j /\ ~(\E k \in at : i < k /\ k < j) =>
            \E V \in Halves(ConfAt(log, i)), W \in Halves(ConfAt(log, j)) : Meet(V, W)

\* A read that is served sees all that was committed when it was asked for.
I16 == read.phase = "served" => read.index >= read.newest

=============================================================================
