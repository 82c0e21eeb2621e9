/** Who is a member of a running cluster, changed through its nodes. */
package dev.quorate.chat.member;
