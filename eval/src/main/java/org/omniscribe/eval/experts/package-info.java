/**
 * What the experts of a model do, found from how recordings were routed, and a report of it.
 *
 * <p>Uses {@code asr.audio}, {@code asr.model} and {@code asr.routing}. Used by the commands and {@code app.experts}.
 */
package org.omniscribe.eval.experts;
