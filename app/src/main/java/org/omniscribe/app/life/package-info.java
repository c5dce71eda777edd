/**
 * How the program ends: signals, standard output that cannot be written, and what it leaves behind. Below all commands.
 *
 * <p>Uses {@code asr.io} and {@code asr.model}. Used by {@code app}, where the program starts, {@code app.batch}, the
 * commands, {@code app.command}, the window, {@code app.live} and {@code app.serve}.
 */
package org.omniscribe.app.life;
