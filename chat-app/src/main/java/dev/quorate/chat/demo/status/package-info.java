/** What the nodes say of themselves, gathered into one view of the cluster. */
package dev.quorate.chat.demo.status;
