package org.omniscribe.asr.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How input frames become encoder steps. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Subsampling.Stack.class, name = "STACK"),
    @JsonSubTypes.Type(value = Subsampling.Conv.class, name = "CONV"),
    @JsonSubTypes.Type(value = Subsampling.WhisperStem.class, name = "WHISPER_STEM")
})
public sealed interface Subsampling {
    /** Input frames per encoder step, the quotient of the two rates; at least 1. */
    int frames();

    /**
     * Encoder steps for a number of input frames.
     *
     * @param frames input frames, at least 0
     */
    default int steps(int frames) {
        return ceilDiv(frames, frames());
    }

    /**
     * Neighbouring frames side by side through one linear layer without bias, as in the paper.
     *
     * @param frames frames per step, at least 1
     */
    record Stack(int frames) implements Subsampling {
        /** Checks the number of frames. */
        public Stack {
            if (frames < 1) {
                throw new IllegalArgumentException("frames must be positive, not " + frames);
            }
        }
    }

    /**
     * Two 3x3 convolutions with ReLU, which also halve the bins twice, and one linear layer over what is left.
     *
     * @param channels channels of both convolutions, at least 1
     * @param frames frames per step, at least 1
     */
    record Conv(int channels, int frames) implements Subsampling {
        /** Checks both numbers and reports every fault at once. */
        public Conv {
            String faults = channels < 1 ? "channels must be positive, not " + channels : "";
            if (frames < 1) {
                faults += (faults.isEmpty() ? "" : "; ") + "frames must be positive, not " + frames;
            }
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException(faults);
            }
        }

        /** Stride in time of the first convolution: half a step, or an odd one whole. */
        public int firstStride() {
            return frames % 2 == 0 ? frames / 2 : frames;
        }

        /** Stride in time of the second convolution: 2, or 1 if steps are odd. */
        public int secondStride() {
            return frames / firstStride();
        }

        /**
         * Rows of bins that are left after the two convolutions.
         *
         * @param bins bins of an input frame
         */
        public int rows(int bins) {
            return ceilDiv(ceilDiv(bins, 2), 2);
        }

        @Override
        public int steps(int frames) {
            return ceilDiv(ceilDiv(frames, firstStride()), secondStride());
        }
    }

    /**
     * Whisper's stem: a convolution over time from the bins to the model's width with kernel 3 and stride 1, another with
     * stride 2, each followed by the exact GELU (Radford et al. 2022, section 2.2). Two frames per step.
     */
    record WhisperStem() implements Subsampling {
        @Override
        public int frames() {
            return 2;
        }
    }

    private static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }
}
