/**
 * Sound in: files and streams of any common format become mono {@code float} samples at 16 kHz.
 *
 * <p>{@link org.omniscribe.asr.audio.AudioReader} looks at the content of a file, never at its name. Containers whose
 * headers are a few fields (WAV, AIFF, AU, SPHERE) are read here; compressed formats go to their decoder libraries, each
 * behind the package-private {@code PcmSource}.
 */
package org.omniscribe.asr.audio;
