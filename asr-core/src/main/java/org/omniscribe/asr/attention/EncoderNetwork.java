package org.omniscribe.asr.attention;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.NativeCalls;
import org.omniscribe.asr.model.NetworkFile;
import org.omniscribe.asr.model.RuntimeOptions;

/** The encoder of a model that writes by attention: features of a window in, what the decoder reads out. Thread-safe. */
public final class EncoderNetwork implements WindowEncoder {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final int bins;
    private final int width;
    private final int frames;
    private final Optional<String> warning;
    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private boolean closed;

    private EncoderNetwork(OrtSession session, int bins, int width, int frames, Optional<String> warning) {
        environment = AcousticModel.environment();
        this.session = session;
        this.bins = bins;
        this.width = width;
        this.frames = frames;
        this.warning = warning;
    }

    /**
     * Loads an encoder.
     *
     * @param network its graph
     * @param bins numbers of a frame of features
     * @param width numbers of a step of its output
     * @param frames frames that shorter windows are filled up to with silence; 0 for none. Whisper has learned windows of
     *     3000 frames, and repeats the text of shorter ones
     * @param options device and threads
     * @throws ModelException if the runtime refuses the graph, or it has other inputs and outputs
     */
    public static EncoderNetwork open(NetworkFile network, int bins, int width, int frames, RuntimeOptions options) {
        try {
            boolean gpu = options.device() == RuntimeOptions.Device.GPU;
            Optional<String> warning = Optional.empty();
            OrtSession session;
            try {
                session = network.open(options, gpu);
            } catch (OrtException e) {
                if (!gpu) {
                    throw e;
                }
                warning = Optional.of("the GPU cannot be used, so the processor is (" + e.getMessage() + ")");
                session = network.open(options, false);
            }
            if (!session.getInputNames().contains("features")
                    || !session.getOutputNames().contains("encoded")) {
                session.close();
                throw new ModelException("model.onnx is no encoder: it has the inputs " + session.getInputNames()
                        + " and the outputs " + session.getOutputNames() + ". Import the model again.");
            }
            return new EncoderNetwork(session, bins, width, frames, warning);
        } catch (OrtException | IOException e) {
            throw new ModelException(
                    "the encoder cannot be loaded (" + e.getMessage()
                            + "). Import the model again for the ONNX Runtime in use, or give Java and the system more"
                            + " memory.",
                    e);
        }
    }

    @Override
    public int width() {
        return width;
    }

    /** Why it does not run where it was asked to; empty if it does. */
    public Optional<String> warning() {
        return warning;
    }

    @Override
    public float[] encode(float[][] sound) {
        float[][] features = filledUp(sound, frames);
        FloatBuffer input = ByteBuffer.allocateDirect(features.length * bins * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (float[] frame : features) {
            input.put(frame);
        }
        input.flip();
        life.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the encoder is closed");
            }
            NativeCalls.enter();
            try (OnnxTensor x = OnnxTensor.createTensor(environment, input, new long[] {1, features.length, bins});
                    OnnxTensor n = OnnxTensor.createTensor(environment, new long[] {features.length});
                    OrtSession.Result result = session.run(Map.of("features", x, "lengths", n))) {
                OnnxTensor encoded = (OnnxTensor) result.get("encoded").orElseThrow();
                long[] shape = encoded.getInfo().getShape();
                if (shape.length != 3 || shape[2] != width) {
                    throw new ModelException("the encoder gives " + shape[shape.length - 1]
                            + " numbers a step, the decoder reads " + width + ". Import the model again.");
                }
                FloatBuffer output = encoded.getFloatBuffer();
                float[] steps = new float[output.remaining()];
                output.get(steps);
                checkNumbers(steps);
                return steps;
            } finally {
                NativeCalls.leave();
            }
        } catch (OrtException e) {
            throw new ModelException(
                    "the encoder failed on " + features.length + " frames (" + e.getMessage()
                            + "). If memory ran out, close other programs.",
                    e);
        } finally {
            life.readLock().unlock();
        }
    }

    /** Whisper's features of digital silence lie 8 / 4 below the loudest value of the window, and not below -1.5. */
    static float[][] filledUp(float[][] features, int frames) {
        if (features.length >= frames) {
            return features;
        }
        float loudest = Float.NEGATIVE_INFINITY;
        for (float[] frame : features) {
            for (float value : frame) {
                loudest = Math.max(loudest, value);
            }
        }
        float[] silence = new float[features[0].length];
        Arrays.fill(silence, Math.max(-1.5f, loudest - 2));
        float[][] filled = Arrays.copyOf(features, frames);
        Arrays.fill(filled, features.length, frames, silence);
        return filled;
    }

    private static void checkNumbers(float[] steps) {
        for (float value : steps) {
            if (!Float.isFinite(value)) {
                throw new ModelException("the encoder's output is no number (" + value
                        + "). Its weights are damaged or overflow; import the model again.");
            }
        }
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("the encoder could not be closed", e);
        } finally {
            life.writeLock().unlock();
        }
    }
}
