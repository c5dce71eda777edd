package org.omniscribe.asr.audio;

import java.util.List;

/**
 * What one page of an Ogg stream completes.
 *
 * @param packets the packets that end on this page
 * @param granule the position after the last of them, in the codec's own units; -1 if no packet ends here
 * @param first whether a (chained) stream begins here
 * @param last whether the stream ends here
 * @param gap whether data before this page is missing or damaged
 */
record OggPage(List<byte[]> packets, long granule, boolean first, boolean last, boolean gap) {}
