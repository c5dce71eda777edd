/**
 * Recordings in, transcripts out: the way into the library.
 *
 * <pre>{@code
 * try (Recognizer recognizer = Recognizer.open()) {
 *     System.out.println(recognizer.transcribe(Path.of("talk.wav")).text());
 * }
 * }</pre>
 *
 * <p>Uses most of the library. Used by {@code app}, the commands, the window, {@code eval} and {@code export}.
 */
package org.omniscribe.asr;
