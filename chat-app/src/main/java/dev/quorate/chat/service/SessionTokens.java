package dev.quorate.chat.service;

import dev.quorate.chat.command.SessionKey;
import dev.quorate.chat.proto.Outcome;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Session tokens: made at log-in, carried by each call's metadata, kept as a hash only. */
final class SessionTokens implements ServerInterceptor {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> TOKEN = Context.key("session-token");
  private static final String SCHEME = "Bearer ";
  private static final int TOKEN_BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  /** A new token that nobody can guess. */
  String create() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** How the cluster knows a token's session. */
  static SessionKey keyOf(String token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return new SessionKey(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The session that the current call claims. Whether it exists is for the state to say. */
  static SessionKey ofCall() {
    String token = TOKEN.get();
    if (token == null) {
      throw new CallFailure(
          Outcome.OUTCOME_NOT_LOGGED_IN, "the call carries no session token; log in");
    }
    return keyOf(token);
  }

  @Override
  public <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    String value = headers.get(AUTHORIZATION);
    if (value == null) {
      return next.startCall(call, headers);
    }
    String token = value.startsWith(SCHEME) ? value.substring(SCHEME.length()) : value;
    return Contexts.interceptCall(Context.current().withValue(TOKEN, token), call, headers, next);
  }
}
