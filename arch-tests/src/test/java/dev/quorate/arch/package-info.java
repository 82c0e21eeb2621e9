/**
 * Rules about the whole of Quorate that no single module can check. A {@code *Test} looks at
 * classes and sources of the modules beside this one, an {@code *IT} at their packaged jars. The
 * classes below {@code broken} break the rules, so that every rule is seen to fail.
 */
package dev.quorate.arch;
