/**
 * Batches of recordings: which there are, where their transcripts go, what is done already, and doing the rest on several
 * threads. A {@link org.omniscribe.app.batch.Plan} says what is to be done, a {@link org.omniscribe.app.batch.Batch} does it
 * and tells {@linkplain org.omniscribe.app.batch.BatchEvent events}, and a {@link org.omniscribe.app.batch.Journal}
 * remembers it for the next start.
 *
 * <p>Uses {@code app.command}, {@code app.life}, {@code asr}, {@code asr.audio}, {@code asr.io}, {@code asr.model} and
 * {@code asr.transcript}. Used by the commands, the window and {@code app.spark}.
 */
package org.omniscribe.app.batch;
