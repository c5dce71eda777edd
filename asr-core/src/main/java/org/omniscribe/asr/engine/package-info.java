/**
 * The offline engine: whole recordings of any length in, transcripts out.
 *
 * <p>An {@link org.omniscribe.asr.engine.OfflineEngine} is a model at work; a
 * {@link org.omniscribe.asr.engine.Transcription} is one recording on its way. {@code Segmenter} cuts the sound into
 * pieces, {@code PieceFeatures} makes what the network takes of them, {@code Stitcher} joins what it says of them to
 * stretches, each of which is decoded by itself. Memory does not grow with the recording, but for the transcript.
 *
 * <p>Uses {@code asr.audio}, {@code asr.decode}, {@code asr.feature}, {@code asr.model}, {@code asr.routing} and
 * {@code asr.transcript}. Used by {@code asr}.
 */
package org.omniscribe.asr.engine;
