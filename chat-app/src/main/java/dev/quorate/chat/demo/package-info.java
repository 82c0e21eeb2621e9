/**
 * The five-node demo: {@link dev.quorate.chat.demo.DemoCommand} reads the options, {@link
 * dev.quorate.chat.demo.Demo} brings this machine's nodes up and takes them down, {@link
 * dev.quorate.chat.demo.Shell} answers commands in between. The rooms below it know nothing of each
 * other's neighbours: {@code machine} (which nodes run where, and at which addresses), {@code
 * process} (the nodes' processes and data), {@code status} (what the nodes say of themselves),
 * {@code console} (lines in, lines out).
 */
package dev.quorate.chat.demo;
