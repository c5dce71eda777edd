/** Transcripts of recognisers made into training data: what is likely to be right is kept. */
package org.omniscribe.export.label;
