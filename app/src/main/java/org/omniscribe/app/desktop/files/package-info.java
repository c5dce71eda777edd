/**
 * The queue of recordings to be transcribed.
 *
 * <p>Uses {@code app.batch}, {@code app.desktop.base}, {@code asr.audio}, {@code asr.io} and {@code asr.transcript}.
 * Used by {@code app.desktop}.
 */
package org.omniscribe.app.desktop.files;
