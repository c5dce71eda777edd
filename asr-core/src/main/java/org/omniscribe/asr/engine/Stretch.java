package org.omniscribe.asr.engine;

import org.omniscribe.asr.model.Emission;

/**
 * The emission of a part of a recording, free of what its neighbours hold, cut between words.
 *
 * @param firstStep the recording's step at which the emission begins
 * @param emission steps that no other stretch holds
 * @param silent whether it is from a silent piece, so that there are no words in it
 */
record Stretch(long firstStep, Emission emission, boolean silent) {}
