/**
 * Speech as it is spoken: audio of any size in, {@linkplain org.omniscribe.asr.stream.RecognitionEvent events} out.
 *
 * <p>{@link org.omniscribe.asr.stream.StreamingRecognizer} is the recogniser itself, without threads or clocks;
 * {@link org.omniscribe.asr.stream.LiveSession} runs it on a microphone, or on a file that plays its part.
 *
 * <p>Uses {@code asr.audio}, {@code asr.decode}, {@code asr.feature}, {@code asr.io}, {@code asr.model}, {@code
 * asr.routing} and {@code asr.transcript}. Used by the commands, the window, {@code app.live}, {@code app.serve} and
 * {@code asr}.
 */
package org.omniscribe.asr.stream;
