package org.omniscribe.export.onnx;

/** Element types of tensors, with their numbers in {@code TensorProto.DataType}. */
enum ElementType {
    FLOAT(1),
    FLOAT16(10),
    UINT8(2),
    INT8(3),
    INT32(6),
    INT64(7),
    BOOL(9);

    private final int code;

    ElementType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    boolean numeric() {
        return this != BOOL;
    }
}
