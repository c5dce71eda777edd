/** Where the program starts: the root command, which puts the parts of the program together. */
package org.omniscribe.app;
