/**
 * The messages that members of a group send each other, and the configuration they speak of, as
 * immutable values. What they look like in bytes is the codec's business.
 */
package dev.quorate.raft.engine.message;
