/** What becomes of speech as it is spoken: captions on a terminal, transcripts that are written again and again. */
package org.omniscribe.app.live;
