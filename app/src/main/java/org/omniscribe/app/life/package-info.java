/** How the program ends: signals, standard output that cannot be written, and what it leaves behind. Below all commands. */
package org.omniscribe.app.life;
