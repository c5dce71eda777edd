/**
 * Watches the experts of a finished model at work, and makes models with fewer of them.
 *
 * <p>Uses {@code asr.audio}, {@code asr.feature}, {@code asr.model}, {@code asr.routing}, {@code export.checkpoint}
 * and {@code export.onnx}. Used by the commands and {@code app.experts}.
 */
package org.omniscribe.export.compress;
