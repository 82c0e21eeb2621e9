/**
 * The arithmetic of changes of membership (Ongaro's dissertation, section 4.3; rules P7 and P18):
 * from a configuration and what is wished to the configurations that lead there, or to the reason
 * why not. Values in, values out; who appends what when is the leader's business, in the core.
 *
 * <pre>
 * steady ──► steady                       voters stay: learners come or go, addresses change
 *    ├────► joint ──► steady              voters go
 *    └────► with goal ──► joint ──► steady    learners catch up, then voters come and go
 * </pre>
 */
package dev.quorate.raft.engine.membership;
