/**
 * What becomes of speech as it is spoken: captions on a terminal, transcripts that are written again and again.
 *
 * <p>Uses {@code app.life}, {@code asr.io}, {@code asr.stream} and {@code asr.transcript}. Used by the commands.
 */
package org.omniscribe.app.live;
