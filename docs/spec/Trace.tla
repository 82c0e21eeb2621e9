------------------------------- MODULE Trace -------------------------------
(***************************************************************************)
(* Whether a recorded run is one that the protocol allows.  Recorded is    *)
(* what was seen, an event a line of the recording, in the order in which  *)
(* it happened; docs/spec/trace makes the module Recording of it.  Before  *)
(* an event is matched, its node may take any steps of the protocol that   *)
(* lead to what was seen of it.  The steps are those of Quorate, with the  *)
(* exceptions named below.                                                 *)
(***************************************************************************)
EXTENDS Quorate, TLC, Recording

VARIABLES
  next,     \* the event that is to be matched
  written,  \* by node: what was in its memory since its disk was last forced, oldest first
  open      \* by number: the reads that were asked for and not answered

tracing == <<next, written, open>>

Event == Recorded[next]

SetOf(sequence) == {sequence[i] : i \in DOMAIN sequence}
Halved(c) == [voters |-> SetOf(c.voters), outgoing |-> SetOf(c.outgoing)]

TraceInit ==
  /\ Init
  /\ next = 1
  /\ written = [n \in Nodes |-> <<>>]
  /\ open = [number \in {} |-> <<>>]

(***************************************************************************)
(* A force covers what was written up to some time, not all of memory, and *)
(* lets out what needs no more than that.                                  *)
(***************************************************************************)
Kept(m, d) ==
  \/ d.term > m.term
  \/ /\ d.term = m.term
     /\ CASE m.type = "request" -> d.vote = m.from /\ Len(d.log) >= m.lastIndex
          [] m.type = "vote" -> d.vote = m.to
          [] m.type = "accepted" -> Len(d.log) >= m.match
          [] OTHER -> TRUE

PersistTo(n, k) ==
  LET d == written[n][k]
      kept == {m \in outbox[n] : Kept(m, d)}
  IN
  /\ disk' = [disk EXCEPT ![n] = d]
  /\ msgs' = WithAll(msgs, kept)
  /\ outbox' = [outbox EXCEPT ![n] = @ \ kept]
  /\ written' = [written EXCEPT ![n] = SubSeq(@, k + 1, Len(@))]
  /\ UNCHANGED <<mem, role, said, read, decided, usurped>>

\* Power fails or the process is killed; of what was not forced the first writes may be there.
RestartFrom(n, d) ==
  /\ disk' = [disk EXCEPT ![n] = d]
  /\ mem' = [mem EXCEPT ![n] = d]
  /\ role' = [role EXCEPT ![n] = "follower"]
  /\ outbox' = [outbox EXCEPT ![n] = {}]
  /\ written' = [written EXCEPT ![n] = <<>>]
  /\ UNCHANGED <<msgs, said, read, decided, usurped>>

\* Any message names the term of its sender, so that a term is heard of without being asked to vote.
Hear(n, t) ==
  /\ t > Term(n)
  /\ \E m \in msgs : m.type = "request" /\ m.term = t
  /\ Write(n, TermOf(n, t))
  /\ role' = [role EXCEPT ![n] = "follower"]
  /\ UNCHANGED <<outbox, msgs, said, read, decided, usurped>>

\* Whoever leads or stands may cease to.
Resign(n) ==
  /\ role[n] \in {"candidate", "leader"}
  /\ role' = [role EXCEPT ![n] = "follower"]
  /\ UNCHANGED <<mem, disk, outbox, msgs, said, read, decided, usurped>>

\* An append up to an index comes (once more) when the disk has all of it: it is acknowledged at once.
Acknowledge(n, t, last) ==
  /\ Term(n) = t /\ disk[n].term = t
  /\ said[t].by \notin {None, n}
  /\ last <= Len(said[t].log) /\ last <= Len(disk[n].log)
  /\ SubSeq(disk[n].log, 1, last) = SubSeq(said[t].log, 1, last)
  /\ msgs' = With(msgs, [type |-> "accepted", term |-> t, from |-> n, match |-> last])
  /\ UNCHANGED <<mem, disk, role, outbox, said, read, decided, usurped>>

-----------------------------------------------------------------------------

\* Learners, addresses and levels of features change without the voters.
ChangeOthers(n) ==
  LET c == Conf(Log(n)) IN
  /\ c.outgoing = {}
  /\ ConfIndex(Log(n)) <= Committed(n)
  /\ LeaderAppends(n, ConfEntry(Term(n), c))

\* Who of the outgoing voters stays one is not seen.
Effective(log, seen) ==
  LET c == Conf(log) IN
  /\ ConfIndex(log) = seen.index
  /\ c.voters = SetOf(seen.voters)
  /\ c.outgoing \ c.voters = SetOf(seen.leaving)
  /\ (c.outgoing # {}) = (seen.phase = "joint")

\* A leader appends what is seen in the end: a configuration only where the last one is.
AppendSeen(n, seen) ==
  IF Len(Log(n)) + 1 = seen.index
  THEN (BeginChange(n) \/ EndChange(n) \/ ChangeOthers(n)) /\ Effective(mem'[n].log, seen)
  ELSE Command(n)

\* Whether such a message of a node is seen later: what only leads to that need not be tried otherwise.
LetsOut(n, type, t) ==
  \E i \in next + 1 .. Len(Recorded) :
    LET e == Recorded[i] IN
    e.name = "sent" /\ e.nid = n /\ e.msg.type = type /\ e.msg.term = t

\* What a node may do in the turn of which this was seen in the end: nothing that leads away from it.
Turn(n, term, seenRole, last, commit, conf) ==
  /\ \/ seenRole # "follower" /\ Stand(n)
     \/ seenRole = "leader" /\ Lead(n)
     \/ seenRole = "follower" /\ LetsOut(n, "append", term) /\ Lead(n)
     \/ seenRole = "follower" /\ Term(n) = term /\ Resign(n)
     \/ Hear(n, term)
     \/ AppendSeen(n, conf)
     \/ CommitTo(n, commit)
  /\ mem'[n].term <= term
  /\ mem'[n].log = mem[n].log \/ Len(mem'[n].log) <= last

\* What another term overtakes within the same turn: all that a leader before it has said.
Overtaken(n, term) ==
  \E t \in Terms :
    /\ Term(n) <= t /\ t < term
    /\ \/ LetsOut(n, "heard", t) /\ Answer(n, t)
       \/ LetsOut(n, "accepted", t) /\ Accept(n, t) /\ mem'[n].log = said[t].log
    /\ mem'[n] # mem[n] \/ msgs' # msgs \/ outbox' # outbox

\* What of a turn may be seen later only: for whom it voted, and entries in the place of as many others.
Hidden(n, term, last) ==
  \/ \E m \in msgs :
       /\ m.type = "request" /\ m.term <= term
       /\ m.term = term \/ LetsOut(n, "vote", m.term)
       /\ Vote(n, m) /\ mem'[n].vote = m.from
       /\ mem'[n] # mem[n] \/ msgs' # msgs
  \/ \E t \in Terms :
       t <= term /\ Accept(n, t) /\ mem'[n].log # mem[n].log /\ Len(mem'[n].log) = last
  \/ Overtaken(n, term)

Steps(n) ==
  /\ IF Event.name = "turned"
     THEN \/ Turn(n, Event.state.term, Event.role, Event.log, Event.state.commit, Event.conf)
          \/ Hidden(n, Event.state.term, Event.log)
     ELSE Hidden(n, Term(n), Len(Log(n)))
  /\ written' = IF mem'[n] = mem[n] THEN written ELSE [written EXCEPT ![n] = Append(@, mem'[n])]
  /\ UNCHANGED <<next, open>>

(***************************************************************************)
(* What is seen.  A follower learns what is committed later than the       *)
(* leader, and knows of nothing else.                                      *)
(***************************************************************************)
KnowsCommitted(n, i) ==
  IF role[n] = "leader"
  THEN i <= Committed(n)
  ELSE i = 0 \/ (i <= Len(Log(n)) /\ Decided(i, Log(n)[i]))

Shows(m, seen, log, confs) ==
  /\ m.term = seen.term /\ m.vote = seen.vote
  /\ [i \in DOMAIN m.log |-> m.log[i].term] = log
  /\ ConfIndexes(m.log) = {confs[i].index : i \in DOMAIN confs}
  /\ \A i \in DOMAIN confs : m.log[confs[i].index].conf = Halved(confs[i])

Said(n, m) ==
  IF m.type = "append"
  THEN LET by == said[m.term] IN by.by = n /\ m.index <= Len(by.log) /\ m.commit <= by.commit
  ELSE \E x \in msgs :
    /\ x.type = m.type /\ x.term = m.term /\ x.from = n
    /\ CASE m.type = "vote" -> x.to = m.to
         [] m.type = "accepted" -> x.match >= m.index
         [] m.type = "request" -> x.lastIndex = m.index
         [] m.type = "heard" -> x.round >= m.round

(***************************************************************************)
(* Reads (P8).  Whoever is asked, a leader must have committed in its term *)
(* and then sent a round, after the read was asked for, which a quorum of  *)
(* a configuration that it has gone by since has answered.  Rounds are     *)
(* those of all heartbeats; of some only the last is in the recording.     *)
(***************************************************************************)
HasCommitted(t) == said[t].commit > 0 /\ said[t].log[said[t].commit].term = t

Leads(n, t) == role[n] = "leader" /\ Term(n) = t

Asked ==
  LET may == {t \in Terms : said[t].by = None \/ Leads(said[t].by, t)} IN
  [newest |-> Newest,
   since |-> [t \in may |-> [round |-> said[t].round, conf |-> ConfIndex(said[t].log)]]]

\* A round that was sent before the leader had committed in its term is too early for any read.
Round(n, t, r) ==
  /\ said[t].by = n
  /\ r > said[t].round
  /\ said' = [said EXCEPT ![t].round = r]
  /\ open' = [i \in DOMAIN open |->
       IF ~HasCommitted(t) /\ t \in DOMAIN open[i].since
       THEN [open[i] EXCEPT !.since[t].round = r]
       ELSE open[i]]
  /\ UNCHANGED <<mem, disk, role, outbox, msgs, read, decided, usurped, written>>

AnswerRound(n, t, r) ==
  /\ Term(n) = t /\ disk[n].term = t
  /\ said[t].by \notin {None, n}
  /\ r <= said[t].round
  /\ msgs' = With(msgs, [type |-> "heard", term |-> t, from |-> n, round |-> r])
  /\ UNCHANGED <<mem, disk, role, outbox, said, read, decided, usurped>>

\* What configurations the leader of a term has gone by since that one, or since it was elected.
GoneBy(t, since) ==
  LET log == said[t].log
      first == Max({since} \cup {i \in ConfIndexes(log) : log[i].term < t})
  IN {ConfAt(log, i) : i \in {first} \cup {j \in ConfIndexes(log) : j > first}}

Confirmed(t, since) ==
  LET heard == {m \in msgs : m.type = "heard" /\ m.term = t /\ m.round > since.round} IN
  /\ HasCommitted(t)
  /\ \E c \in GoneBy(t, since.conf) : Quorum({said[t].by} \cup {m.from : m \in heard}, c)

Answered(number, index) ==
  /\ number \in DOMAIN open
  /\ open[number].newest <= index /\ index <= Newest
  /\ \E t \in DOMAIN open[number].since : Confirmed(t, open[number].since[t])
  /\ open' = [i \in DOMAIN open \ {number} |-> open[i]]

Matches(e, n) ==
  CASE e.name = "founded" -> UNCHANGED <<vars, written, open>>
    [] e.name = "turned" ->
         /\ Term(n) = e.state.term
         /\ role[n] = e.role
         /\ Len(Log(n)) = e.log
         /\ Effective(Log(n), e.conf)
         /\ KnowsCommitted(n, e.state.commit)
         /\ UNCHANGED <<vars, written, open>>
    [] e.name = "persisted" ->
         /\ \/ Shows(disk[n], e.state, e.log, e.confs) /\ UNCHANGED <<vars, written>>
            \/ \E k \in DOMAIN written[n] :
                 Shows(written[n][k], e.state, e.log, e.confs) /\ PersistTo(n, k)
         /\ UNCHANGED open
    [] e.name = "restarted" ->
         /\ \E d \in {disk[n]} \cup SetOf(written[n]) :
              Shows(d, e.state, e.log, e.confs) /\ RestartFrom(n, d)
         /\ UNCHANGED open
    [] e.name = "sent" ->
         IF e.msg.type = "round"
         THEN Round(n, e.msg.term, e.msg.round)
         ELSE Said(n, e.msg) /\ UNCHANGED <<vars, written, open>>
    [] e.name = "asked" ->
         open' = (e.read :> Asked) @@ open /\ UNCHANGED <<vars, written>>
    [] e.name = "answered" ->
         Answered(e.read, e.index) /\ UNCHANGED <<vars, written>>

\* An answer may be to an append that changed nothing, and says what the disk has; or to a round.
Repeat(n, m) ==
  /\ \/ m.type = "accepted" /\ Acknowledge(n, m.term, m.index)
     \/ m.type = "heard" /\ AnswerRound(n, m.term, m.round)
  /\ UNCHANGED tracing

TraceNext ==
  /\ next <= Len(Recorded)
  /\ LET n == Event.nid IN
     \/ Matches(Event, n) /\ next' = next + 1
     \/ Event.name = "sent" /\ Event.msg.type # "round" /\ ~Said(n, Event.msg) /\ Repeat(n, Event.msg)
     \/ Event.name \in {"turned", "persisted", "sent"} /\ Steps(n)

TraceSpec == TraceInit /\ [][TraceNext]_<<vars, tracing>>

(***************************************************************************)
(* How far the recording was matched is told; all of it, and TLC ends.     *)
(* Otherwise no step that the protocol allows leads to the event after the *)
(* longest match.                                                          *)
(***************************************************************************)
ASSUME TLCSet(1, 0)
Followed ==
  /\ next > TLCGet(1) => TLCSet(1, next) /\ PrintT(<<"matched up to line", next - 1>>)
  /\ next > Len(Recorded) => TLCSet("exit", TRUE)
=============================================================================
