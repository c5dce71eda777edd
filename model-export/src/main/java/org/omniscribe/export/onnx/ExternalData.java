package org.omniscribe.export.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * A file beside an ONNX file that holds the values of its tensors, one behind the other (ONNX, "External Data"). Each
 * begins at a multiple of a page, so that a runtime may map it into memory.
 */
final class ExternalData {
    /** Tensors of fewer bytes stay in the ONNX file. */
    static final int MIN_BYTES = 4096;

    private static final int PAGE = 4096;

    private final OutputStream out;
    private final String location;
    private long position;

    /**
     * @param out where the values go
     * @param location name of the file beside the ONNX file
     */
    ExternalData(OutputStream out, String location) {
        this.out = out;
        this.location = location;
    }

    /** Writes values, and into the tensor where they are. */
    void append(TensorProto.Builder tensor, byte[] values) {
        try {
            int gap = (int) ((PAGE - position % PAGE) % PAGE);
            out.write(new byte[gap]);
            position += gap;
            out.write(values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", Long.toString(position)))
                .addExternalData(entry("length", Integer.toString(values.length)));
        position += values.length;
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
