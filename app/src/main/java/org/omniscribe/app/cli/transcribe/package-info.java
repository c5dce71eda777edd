/**
 * {@code omniscribe transcribe}: recordings in, transcripts out.
 *
 * <p>Uses {@code app} and most of the library. Used by {@code app}, where the program starts.
 */
package org.omniscribe.app.cli.transcribe;
