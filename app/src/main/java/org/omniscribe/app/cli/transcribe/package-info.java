/** {@code omniscribe transcribe}: recordings in, transcripts out. */
package org.omniscribe.app.cli.transcribe;
