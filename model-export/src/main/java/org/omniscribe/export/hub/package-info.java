/**
 * Models that others have published: which there are, and how they get here.
 *
 * <p>Uses {@code asr.io}, {@code asr.model} and {@code datasets.download}. Used by the commands.
 */
package org.omniscribe.export.hub;
