package dev.quorate.raft.testkit.internal.diagram;

/** How the page looks, and the boxes that show and hide kinds of events. */
final class Style {

  static final String SHEET =
      """
      body { font: 12px sans-serif; margin: 12px; }
      pre { white-space: pre-wrap; }
      svg text { font-size: 10px; }
      svg text.name { font-size: 14px; font-weight: bold; text-anchor: middle; }
      svg text.time { fill: #888; text-anchor: end; }
      svg text.phase { fill: #555; font-weight: bold; }
      svg text.cross { text-anchor: middle; }
      line.phase { stroke: #bbb; stroke-dasharray: 6 3; }
      line.follower, line.learner { stroke-width: 3; stroke-opacity: .35; }
      line.pre_candidate { stroke-width: 5; stroke-dasharray: 3 3; }
      line.candidate { stroke-width: 6; stroke-dasharray: 6 2; }
      line.leader { stroke-width: 11; }
      g line { stroke-width: 1; }
      g.beat line { stroke: #ccc; } g.beat circle { fill: #ccc; }
      g.log line { stroke: #2563eb; } g.log circle { fill: #2563eb; }
      g.vote line { stroke: #ea7a0c; } g.vote circle { fill: #ea7a0c; }
      g.other line { stroke: #14967f; } g.other circle { fill: #14967f; }
      g.lost line { stroke-dasharray: 3 3; } g.lost text { fill: #c00; }
      g.bad circle, g.bad text { fill: #c00; }
      g.start circle, g.start text { fill: #080; }
      g.role text { font-weight: bold; }
      g.commit circle { fill: #7c3aed; } g.commit text { fill: #7c3aed; }
      g.call circle { fill: #444; } g.disk circle { fill: #999; } g.disk text { fill: #999; }
      g:hover line { stroke-width: 3; }
      #beat:not(:checked) ~ svg g.beat, #log:not(:checked) ~ svg g.log,
      #vote:not(:checked) ~ svg g.vote, #other:not(:checked) ~ svg g.other,
      #call:not(:checked) ~ svg g.call, #disk:not(:checked) ~ svg g.disk,
      #commit:not(:checked) ~ svg g.commit { display: none; }
      """;

  static final String SWITCHES =
      """
      <input type="checkbox" id="vote" checked><label for="vote">votes</label>
      <input type="checkbox" id="log" checked><label for="log">entries</label>
      <input type="checkbox" id="beat"><label for="beat">heartbeats</label>
      <input type="checkbox" id="other" checked><label for="other">forwards, reads, forming</label>
      <input type="checkbox" id="commit" checked><label for="commit">commits</label>
      <input type="checkbox" id="call" checked><label for="call">calls</label>
      <input type="checkbox" id="disk"><label for="disk">disk</label><br>
      """;

  private Style() {}
}
