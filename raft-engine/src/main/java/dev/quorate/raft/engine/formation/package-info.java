/**
 * How a cluster comes into being, rule P1: a node with an empty disk looks the same at a cluster's
 * first start and after its disk was lost, and a voter that forgot its votes could elect a leader
 * that lacks a committed entry. So one node founds the cluster, once, when every listed node has
 * said that its disk is empty, and the founding entry names every disk. Pure, like the core: no
 * thread, clock or file.
 */
package dev.quorate.raft.engine.formation;
