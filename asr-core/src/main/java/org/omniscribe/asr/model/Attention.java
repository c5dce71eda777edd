package org.omniscribe.asr.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Which steps a step may look at, and which of its linear layers have a bias. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Attention.Full.class, name = "FULL"),
    @JsonSubTypes.Type(value = Attention.Causal.class, name = "CAUSAL"),
    @JsonSubTypes.Type(value = Attention.Chunked.class, name = "CHUNKED")
})
public sealed interface Attention {
    /** Attention to the whole utterance, without biases. */
    Attention FULL = new Full(Bias.NONE);

    /** Attention to the past, without biases. */
    Attention CAUSAL = new Causal(Bias.NONE);

    /** Biases of the linear layers of attention. */
    enum Bias {
        /** None that training makes; but imported parameters may hold biases, which are then used. */
        NONE,
        /** Of query, value and output, as in Whisper. One of the key would change nothing; it is stored as zeros. */
        QUERY_VALUE_OUTPUT
    }

    /** Which linear layers have a bias. */
    Bias bias();

    /**
     * All of the utterance.
     *
     * @param bias which linear layers have a bias
     */
    record Full(Bias bias) implements Attention {
        /** Checks the bias. */
        public Full {
            require(bias);
        }
    }

    /**
     * Itself and the past.
     *
     * @param bias which linear layers have a bias
     */
    record Causal(Bias bias) implements Attention {
        /** Checks the bias. */
        public Causal {
            require(bias);
        }
    }

    /**
     * Its own chunk and a number of chunks before it.
     *
     * @param chunk steps in a chunk, at least 1
     * @param leftChunks chunks of history that a chunk sees, at least 0
     * @param bias which linear layers have a bias
     */
    record Chunked(int chunk, int leftChunks, Bias bias) implements Attention {
        /** Checks all fields and reports every fault at once. */
        public Chunked {
            require(bias);
            String faults = chunk < 1 ? "chunk must be positive, not " + chunk : "";
            if (leftChunks < 0) {
                faults += (faults.isEmpty() ? "" : "; ") + "leftChunks must be at least 0, not " + leftChunks;
            }
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException(faults);
            }
        }

        /** Chunks without biases. */
        public Chunked(int chunk, int leftChunks) {
            this(chunk, leftChunks, Bias.NONE);
        }
    }

    private static void require(Bias bias) {
        if (bias == null) {
            throw new IllegalArgumentException("bias is missing");
        }
    }
}
