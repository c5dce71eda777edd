/** Alignment of recognised with spoken words, and the rates counted from it. */
package org.omniscribe.eval.score;
