/** From samples to the log-mel frames an acoustic model reads. */
package org.omniscribe.asr.feature;
