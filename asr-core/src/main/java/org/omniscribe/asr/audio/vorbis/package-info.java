/**
 * Vorbis I (the Xiph.Org Foundation's specification of 3 February 2012): packets of bytes become samples. It knows nothing of
 * files or of Ogg. What a header claims is believed only as far as an encoder would write it and its bytes are there.
 *
 * <p>Uses nothing of this project. Used by {@code asr.audio}.
 */
package org.omniscribe.asr.audio.vorbis;
