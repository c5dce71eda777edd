/** The weights of a search for words, fitted to recordings whose words are known. */
package org.omniscribe.eval.tune;
