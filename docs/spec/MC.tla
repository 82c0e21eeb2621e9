--------------------------------- MODULE MC ---------------------------------
(***************************************************************************)
(* What the model checker needs besides the protocol: nodes that may be    *)
(* exchanged for each other, and which parts of a state no longer matter.  *)
(***************************************************************************)
EXTENDS Quorate, TLC

\* Those nodes are alike that every set in the configuration has or has not.
Symmetry ==
  {p \in Permutations(Nodes) :
     \A S \in {Founders, Slow, {Lost} \cap Nodes, {Heir} \cap Nodes} \cup Targets : {p[n] : n \in S} = S}

\* No node comes back to a term below this one, and an heir begins at 0.
Here == {n \in Nodes : role[n] # "gone" \/ n = Heir}
Floor == CHOOSE t \in {disk[n].term : n \in Here} : \A n \in Here : t <= disk[n].term

\* Requests and leaders of lower terms find nobody who listens; a vote counts for a candidate,
\* everything else for a leader, and neither regains an office that it lost.
Alive(m) ==
  /\ m.term >= Floor
  /\ CASE m.type = "request" -> TRUE
       [] m.type = "vote" -> LET n == m.to IN
            disk[n].term < m.term \/ (Term(n) = m.term /\ role[n] = "candidate")
       [] OTHER -> \E n \in Nodes : role[n] = "leader" /\ Term(n) = m.term

View ==
  <<mem, disk, role, read, decided, usurped,
    [n \in Nodes |-> {m \in outbox[n] : Alive(m)}],
    {m \in msgs : Alive(m)},
    [t \in Terms |-> IF t >= Floor THEN said[t] ELSE Silence]>>

\* To be violated: otherwise the scope is too small to mean anything.
NoReadServed == read.phase # "served"
NoChangeEnds == \A d \in decided : IsConf(d.entry) => d.entry.conf.outgoing # {}
NoCommitAfterLoss == \A n \in Nodes : role[Lost] = "gone" /\ role[n] = "leader" => Committed(n) = 0

\* Two nodes lead in turns, as in figure 8 of the Raft paper: what old-terms.cfg looks at.
Figure8 ==
  /\ \A t \in 3 .. MaxTerm : said[t].by \in {None, said[t - 2].by}
  /\ \A n \in Nodes : Term(n) > 1 => said[Term(n) - 1].by # None
=============================================================================
