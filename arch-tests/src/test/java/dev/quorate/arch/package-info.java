/** Rules about the whole: module graph, purity, cycles, size and the packaged product. */
package dev.quorate.arch;
