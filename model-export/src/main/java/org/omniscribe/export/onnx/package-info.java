/**
 * Networks as ONNX graphs (opset 17): a typed graph builder, the Omni-router encoder written with it, and the export of a
 * checkpoint to a model bundle.
 *
 * <p>Uses most of the library and {@code export}. Used by the commands, {@code app.experts}, {@code app.option} and
 * {@code export.compress}.
 */
package org.omniscribe.export.onnx;
