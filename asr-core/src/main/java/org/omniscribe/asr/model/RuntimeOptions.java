package org.omniscribe.asr.model;

import org.omniscribe.asr.io.Faults;

/**
 * How a network is run.
 *
 * @param device where it is run
 * @param threads processor threads that work on one batch together, 1 to 1024
 * @param batchFrames most feature frames in one batch, padding included; a longer utterance is a batch of its own. More
 *     frames need more memory and gain speed only on short utterances or a GPU
 */
public record RuntimeOptions(Device device, int threads, int batchFrames) {
    /** Where a network is run. */
    public enum Device {
        /** The processor. */
        CPU,
        /** The first CUDA device; the processor, with a warning, where there is none. */
        GPU
    }

    /** Most threads that can be asked for. */
    public static final int MAX_THREADS = 1024;

    /** Checks all fields and reports every fault at once. */
    public RuntimeOptions {
        Faults faults = new Faults();
        faults.present("device", device);
        faults.range("threads", threads, 1, MAX_THREADS);
        faults.positive("batchFrames", batchFrames);
        faults.orThrow("RuntimeOptions");
    }

    /** On the processor, with all the processors that this Java machine may use, a minute of usual frames a batch. */
    public static RuntimeOptions standard() {
        return new RuntimeOptions(Device.CPU, Runtime.getRuntime().availableProcessors(), 6000);
    }
}
