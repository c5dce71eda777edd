/**
 * Training of Omni-router networks with DJL on PyTorch.
 *
 * <p>Uses most of the library, {@code datasets}, {@code eval} and {@code export}. Used by the commands, {@code
 * app.experts} and {@code export.onnx}.
 */
package org.omniscribe.export.train;
