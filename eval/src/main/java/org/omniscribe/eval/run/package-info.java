/** Recognises the utterances of test sets and scores them. */
package org.omniscribe.eval.run;
