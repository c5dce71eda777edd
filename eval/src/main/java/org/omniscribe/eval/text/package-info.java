/** Normalisers: what of a text counts when it is compared with another. */
package org.omniscribe.eval.text;
