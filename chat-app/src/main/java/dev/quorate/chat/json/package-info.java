/**
 * JSON that means what it says: Jakarta JSON Binding for records, behind a check that refuses what
 * a lenient reader would let through (unknown, missing and repeated keys, numbers that do not fit,
 * texts for numbers, anything after the end).
 */
package dev.quorate.chat.json;
