/**
 * The gRPC face of a node: {@code ChatService} and {@code NodeService}. Nothing here blocks but the
 * hashing of passwords, which has a bounded pool of its own, and every call ends with a typed
 * outcome that says no more than is known.
 */
package dev.quorate.chat.service;
