/**
 * Recordings in, transcripts out: the way into the library.
 *
 * <pre>{@code
 * try (Recognizer recognizer = Recognizer.open()) {
 *     System.out.println(recognizer.transcribe(Path.of("talk.wav")).text());
 * }
 * }</pre>
 */
package org.omniscribe.asr;
