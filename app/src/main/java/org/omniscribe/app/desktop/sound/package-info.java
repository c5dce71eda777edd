/** Recordings to be heard: a file with random access, and a player over Java Sound that can speak faster and slower. */
package org.omniscribe.app.desktop.sound;
