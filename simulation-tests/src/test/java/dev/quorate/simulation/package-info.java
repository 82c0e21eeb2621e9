/**
 * Campaigns: the engine and storage-file in the simulator, many seeds, and what must come of it.
 */
package dev.quorate.simulation;
