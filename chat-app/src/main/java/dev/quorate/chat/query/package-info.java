/** What asks the chat's state and changes nothing: JSON records with a kind and a version. */
package dev.quorate.chat.query;
