package org.omniscribe.asr.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** An ONNX graph that can be loaded: a file, or bytes in memory. */
@FunctionalInterface
public interface NetworkFile {
    /**
     * Loads the graph.
     *
     * @throws OrtException if ONNX Runtime refuses it
     * @throws IOException if it cannot be read
     */
    OrtSession load(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException, IOException;

    /** A file of its own, which ONNX Runtime reads itself. */
    static NetworkFile of(Path file) {
        return (environment, options) -> environment.createSession(file.toString(), options);
    }

    /** Bytes, outside the heap where they are many. */
    static NetworkFile of(ByteBuffer bytes) {
        return (environment, options) -> environment.createSession(bytes.duplicate(), options);
    }

    /**
     * Opens a session as this library wants it: threads that do not spin, and only errors logged.
     *
     * @param gpu whether it computes on the first CUDA device
     * @throws OrtException if ONNX Runtime refuses the graph, or there is no such device
     * @throws IOException if the graph cannot be read
     */
    default OrtSession open(RuntimeOptions options, boolean gpu) throws OrtException, IOException {
        OrtEnvironment environment = AcousticModel.environment();
        try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
            session.setIntraOpNumThreads(options.threads());
            session.setInterOpNumThreads(1);
            // Idle threads that spin slow down everything else on the machine, this library's other threads included.
            session.addConfigEntry("session.intra_op.allow_spinning", "0");
            session.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            if (gpu) {
                session.addCUDA(0);
            }
            return load(environment, session);
        }
    }
}
