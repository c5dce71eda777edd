/**
 * Speech as it is spoken: audio of any size in, {@linkplain org.omniscribe.asr.stream.RecognitionEvent events} out.
 *
 * <p>{@link org.omniscribe.asr.stream.StreamingRecognizer} is the recogniser itself, without threads or clocks;
 * {@link org.omniscribe.asr.stream.LiveSession} runs it on a microphone, or on a file that plays its part.
 */
package org.omniscribe.asr.stream;
