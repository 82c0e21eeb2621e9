/** Lines in and lines out, at a terminal or through pipes. */
package dev.quorate.chat.demo.console;
