/** What commands and queries answer: JSON records with a kind and a version. */
package dev.quorate.chat.result;
