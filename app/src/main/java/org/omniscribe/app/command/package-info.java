/**
 * What every command is made of: how it is run, exit codes, progress on standard error. Below all other packages of the program.
 *
 * <p>Uses {@code app.life}, {@code asr.io}, {@code asr.model} and {@code datasets.download}. Used by {@code app},
 * where the program starts, {@code app.batch}, the commands, the window, {@code app.serve} and {@code app.spark}.
 */
package org.omniscribe.app.command;
