package org.omniscribe.export.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** Named tensors whose values are read when they are asked for, so that a file may be larger than the memory. */
public interface Tensors {
    /** Shape by name, in the order of the file. */
    Map<String, long[]> shapes();

    /**
     * Reads the values of one tensor; reading it again reads the file again.
     *
     * @param name one of {@link #shapes()}
     * @throws CheckpointException if the file cannot be read any more
     */
    Tensor read(String name);

    /** Tensors that are in memory. */
    static Tensors of(Map<String, Tensor> tensors) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return new Tensors() {
            @Override
            public Map<String, long[]> shapes() {
                return shapes;
            }

            @Override
            public Tensor read(String name) {
                return tensors.get(name);
            }
        };
    }
}
