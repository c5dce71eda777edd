/**
 * Recordings to be heard: a file with random access, and a player over Java Sound that can speak faster and slower.
 *
 * <p>Uses {@code app.desktop.base}, {@code asr.audio} and {@code asr.io}. Used by {@code app.desktop}, {@code
 * app.desktop.document} and {@code app.desktop.live}.
 */
package org.omniscribe.app.desktop.sound;
