/** From token probabilities to timed words. */
package org.omniscribe.asr.decode;
