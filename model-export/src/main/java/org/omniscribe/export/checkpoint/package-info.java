/**
 * Weights on disk.
 *
 * <p>Uses {@code asr.io} and {@code asr.model}. Used by the commands, the window, {@code export.compress}, {@code
 * export.onnx}, {@code export.train} and {@code export.upcycle}.
 */
package org.omniscribe.export.checkpoint;
