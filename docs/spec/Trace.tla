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
  written   \* by node: what was in its memory since its disk was last forced, oldest first

tracing == <<next, written>>

Event == Recorded[next]

TraceInit == Init /\ next = 1 /\ written = [n \in Nodes |-> <<>>]

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

\* What a node may do in the turn of which this was seen in the end: nothing that leads away from it.
Turn(n, term, seenRole, last, commit) ==
  /\ \/ seenRole # "follower" /\ Stand(n)
     \/ seenRole = "leader" /\ Lead(n)
     \/ seenRole = "follower" /\ Term(n) = term /\ Resign(n)
     \/ Hear(n, term)
     \/ Command(n)
     \/ CommitTo(n, commit)
  /\ mem'[n].term <= term
  /\ mem'[n].log = mem[n].log \/ Len(mem'[n].log) <= last

\* What of that may be seen later only: for whom it voted, and entries in the place of as many others.
Hidden(n, term, last) ==
  /\ \/ \E m \in msgs : Vote(n, m) /\ (mem'[n] # mem[n] \/ msgs' # msgs)
     \/ \E t \in Terms : Accept(n, t) /\ mem'[n].log # mem[n].log /\ Len(mem'[n].log) = last
  /\ mem'[n].term <= term

Steps(n) ==
  /\ IF Event.name = "turned"
     THEN \/ Turn(n, Event.state.term, Event.role, Event.log, Event.state.commit)
          \/ Hidden(n, Event.state.term, Event.log)
     ELSE Hidden(n, Term(n), Len(Log(n)))
  /\ written' = IF mem'[n] = mem[n] THEN written ELSE [written EXCEPT ![n] = Append(@, mem'[n])]
  /\ UNCHANGED next

\* An answer may be to an append that changed nothing, and says what the disk has.
Repeat(n, m) ==
  /\ m.type = "accepted"
  /\ Acknowledge(n, m.term, m.index)
  /\ UNCHANGED tracing

(***************************************************************************)
(* What is seen.  A follower learns what is committed later than the       *)
(* leader, and knows of nothing else.                                      *)
(***************************************************************************)
KnowsCommitted(n, i) ==
  IF role[n] = "leader"
  THEN i <= Committed(n)
  ELSE i = 0 \/ (i <= Len(Log(n)) /\ Decided(i, Log(n)[i]))

Shows(m, seen, log) ==
  /\ m.term = seen.term /\ m.vote = seen.vote
  /\ [i \in DOMAIN m.log |-> m.log[i].term] = log

Said(n, m) ==
  IF m.type = "append"
  THEN LET by == said[m.term] IN by.by = n /\ m.index <= Len(by.log) /\ m.commit <= by.commit
  ELSE \E x \in msgs :
    /\ x.type = m.type /\ x.term = m.term /\ x.from = n
    /\ CASE m.type = "vote" -> x.to = m.to
         [] m.type = "accepted" -> x.match >= m.index
         [] m.type = "request" -> x.lastIndex = m.index

Matches(e, n) ==
  CASE e.name = "turned" ->
         /\ Term(n) = e.state.term
         /\ role[n] = e.role
         /\ Len(Log(n)) = e.log
         /\ Voters(Conf(Log(n))) = {e.conf[i] : i \in DOMAIN e.conf}
         /\ KnowsCommitted(n, e.state.commit)
         /\ UNCHANGED <<vars, written>>
    [] e.name = "persisted" ->
         \/ Shows(disk[n], e.state, e.log) /\ UNCHANGED <<vars, written>>
         \/ \E k \in DOMAIN written[n] : Shows(written[n][k], e.state, e.log) /\ PersistTo(n, k)
    [] e.name = "restarted" ->
         \E d \in {disk[n]} \cup {written[n][k] : k \in DOMAIN written[n]} :
           Shows(d, e.state, e.log) /\ RestartFrom(n, d)
    [] e.name = "sent" ->
         Said(n, e.msg) /\ UNCHANGED <<vars, written>>

TraceNext ==
  /\ next <= Len(Recorded)
  /\ LET n == Event.nid IN
     \/ Matches(Event, n) /\ next' = next + 1
     \/ Event.name = "sent" /\ ~Said(n, Event.msg) /\ Repeat(n, Event.msg)
     \/ Event.name # "restarted" /\ Steps(n)

TraceSpec == TraceInit /\ [][TraceNext]_<<vars, tracing>>

(***************************************************************************)
(* To be violated: then the whole recording was matched.  Otherwise no     *)
(* step that the protocol allows leads to the event after the longest      *)
(* match, whose line is told.                                              *)
(***************************************************************************)
ASSUME TLCSet(1, 0)
Unfinished ==
  /\ next > TLCGet(1) => TLCSet(1, next) /\ PrintT(<<"matched up to line", next - 1>>)
  /\ next <= Len(Recorded)
=============================================================================
