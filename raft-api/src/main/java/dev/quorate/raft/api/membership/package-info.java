/**
 * Who is in a group, and how that is changed while the group works. Every change is one observable
 * operation: it ends in a {@link dev.quorate.raft.api.membership.MembershipOutcome}, and how far it
 * is can be seen in {@link dev.quorate.raft.api.membership.Membership} on every member meanwhile.
 *
 * <p>A change is carried out by joint consensus (Ongaro's dissertation, section 4.3): any number of
 * members may change at once, the group serves all the time, and a new leader finishes what its
 * predecessor began.
 */
package dev.quorate.raft.api.membership;
