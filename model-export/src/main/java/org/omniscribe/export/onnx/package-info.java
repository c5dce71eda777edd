/**
 * Networks as ONNX graphs (opset 17): a typed graph builder, the Omni-router encoder written with it, and the export of a
 * checkpoint to a model bundle.
 */
package org.omniscribe.export.onnx;
