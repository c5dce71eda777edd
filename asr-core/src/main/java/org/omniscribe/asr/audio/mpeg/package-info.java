/**
 * MPEG audio, layers I to III (ISO/IEC 11172-3, 13818-3, and the MPEG 2.5 extension): one frame of bytes becomes samples.
 *
 * <p>The code follows minimp3 by Lion (github.com/lieff/minimp3), which its authors gave to the public domain (CC0 1.0), and
 * has its tables. It knows nothing of files.
 *
 * <p>Uses nothing of this project. Used by {@code asr.audio}.
 */
package org.omniscribe.asr.audio.mpeg;
