/** The command line: one class a command. */
package org.omniscribe.app.cli;
