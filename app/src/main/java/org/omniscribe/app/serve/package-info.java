/**
 * Speech recognition for other programs: an HTTP server with the interface of OpenAI's {@code /v1/audio/transcriptions}, and
 * a WebSocket for speech as it comes.
 */
package org.omniscribe.app.serve;
