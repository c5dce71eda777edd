/**
 * Where the program starts: the root command, which puts the parts of the program together.
 *
 * <p>Uses the commands, {@code app.command}, the window, {@code app.life} and {@code app.serve}. Used by nobody: the
 * program starts here.
 */
package org.omniscribe.app;
