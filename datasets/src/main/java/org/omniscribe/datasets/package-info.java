/** Corpora as lists of utterances. */
package org.omniscribe.datasets;
