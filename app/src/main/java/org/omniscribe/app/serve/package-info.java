/**
 * Speech recognition for other programs: an HTTP server with the interface of OpenAI's {@code /v1/audio/transcriptions}, and
 * a WebSocket for speech as it comes.
 *
 * <p>Uses {@code app} and most of the library. Used by {@code app}, where the program starts.
 */
package org.omniscribe.app.serve;
