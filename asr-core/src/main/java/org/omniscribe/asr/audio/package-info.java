/**
 * Sound in: files and streams of any common format become mono {@code float} samples at 16 kHz.
 *
 * <p>{@link org.omniscribe.asr.audio.AudioReader} looks at the content of a file, never at its name. Containers whose
 * headers are a few fields (WAV, AIFF, AU, SPHERE) are read here; compressed formats go to their decoder libraries, each
 * behind the package-private {@code PcmSource}.
 *
 * <p>Uses {@code asr.audio.mpeg}, {@code asr.audio.vorbis} and {@code asr.io}. Used by {@code app}, the commands, the
 * window, most of the library, {@code datasets}, {@code eval} and {@code export}.
 */
package org.omniscribe.asr.audio;
