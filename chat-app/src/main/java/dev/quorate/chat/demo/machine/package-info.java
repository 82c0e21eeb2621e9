/** Which nodes run on which machine, how the machines find each other, and the ports they use. */
package dev.quorate.chat.demo.machine;
