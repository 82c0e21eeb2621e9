package dev.quorate.chat.demo;

import dev.quorate.chat.proto.Result;

/** Who is a member of the cluster: what {@code readmit} changes. */
interface Members {

  /** Lets a node whose disk was wiped take its place again; OK once it has. */
  Result readmit(int node);
}
