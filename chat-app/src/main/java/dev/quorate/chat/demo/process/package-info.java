/** The processes of the nodes that run on this machine, and their files. */
package dev.quorate.chat.demo.process;
