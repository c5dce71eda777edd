/** What every command is made of: how it is run, exit codes, progress on standard error. Below all other packages of the program. */
package org.omniscribe.app.command;
