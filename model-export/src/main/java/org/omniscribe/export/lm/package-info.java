/** Trains language models on text. */
package org.omniscribe.export.lm;
