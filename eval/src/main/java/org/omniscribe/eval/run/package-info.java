/**
 * Recognises the utterances of test sets and scores them.
 *
 * <p>Uses most of the library, {@code datasets} and {@code eval}. Used by the commands, {@code app.experts}, {@code
 * app.option} and {@code eval.report}.
 */
package org.omniscribe.eval.run;
