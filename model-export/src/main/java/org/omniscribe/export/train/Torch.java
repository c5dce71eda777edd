package org.omniscribe.export.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The PyTorch engine and the settings of it that DJL has no call for. */
public final class Torch {
    private static final System.Logger LOG = System.getLogger(Torch.class.getName());

    /** How single-precision matrix products are computed. */
    public enum MatmulPrecision {
        /** In single precision throughout. */
        HIGHEST,
        /** As {@link #HIGHEST} on a CPU. */
        HIGH,
        /**
         * Factors rounded to bfloat16 and summed in single precision where the processor has instructions for it (AMX,
         * AVX-512 BF16): several times faster there, no effect elsewhere.
         */
        MEDIUM
    }

    private Torch() {}

    /** Starts the engine, without any access to the network. */
    public static Engine engine() {
        System.setProperty("ai.djl.offline", "true");
        return Engine.getEngine("PyTorch");
    }

    /** A manager of native memory that the caller closes. */
    public static NDManager newManager() {
        return engine().newBaseManager();
    }

    /**
     * An array with values. Its memory is the engine's from the start; DJL's own {@code create} leaves a Java buffer of
     * the same size behind until the next garbage collection, gigabytes within a minute of training.
     */
    static PtNDArray array(NDManager manager, float[] values, Shape shape) {
        PtNDArray array = (PtNDArray) manager.create(shape, DataType.FLOAT32);
        view(array).asFloatBuffer().put(values);
        return array;
    }

    /** An array of 64-bit integers, as {@link #array}. */
    static PtNDArray array(NDManager manager, long[] values, Shape shape) {
        PtNDArray array = (PtNDArray) manager.create(shape, DataType.INT64);
        view(array).asLongBuffer().put(values);
        return array;
    }

    /** The values of a contiguous array of floats. */
    static float[] values(NDArray array) {
        float[] values = new float[Math.toIntExact(array.size())];
        view((PtNDArray) array).asFloatBuffer().get(values);
        return values;
    }

    /** The memory of a contiguous array itself, not a copy; valid as long as the array is open. */
    static ByteBuffer view(PtNDArray array) {
        ByteBuffer buffer = array.toByteBuffer(true);
        if (!buffer.isDirect()) {
            throw new IllegalStateException("the engine gives no view of a tensor's memory");
        }
        return buffer.order(ByteOrder.nativeOrder());
    }

    /**
     * Sets what {@code torch.set_float32_matmul_precision} sets in Python. DJL does not bind it, so the function
     * {@code at::Context::setFloat32MatmulPrecision} of libtorch is called by its symbol.
     *
     * @return whether it could be set; if not, products stay in single precision and a warning is logged
     */
    public static boolean setMatmulPrecision(MatmulPrecision precision) {
        engine();
        try (Stream<Path> files = Files.walk(Path.of(LibUtils.getLibtorchPath()), 2)) {
            Path library = files.filter(f -> f.getFileName().toString().matches("(lib)?torch_cpu\\.(so|dll|dylib)"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("libtorch_cpu not found"));
            NativeLibrary torch = NativeLibrary.getInstance(library.toString());
            Pointer context = torch.getFunction("_ZN2at13globalContextEv").invokePointer(new Object[0]);
            Function set = torch.getFunction("_ZN2at7Context25setFloat32MatmulPrecisionENS_22Float32MatmulPrecisionE");
            set.invokeVoid(new Object[] {context, precision.ordinal()});
            return true;
        } catch (java.io.IOException | IllegalStateException | UnsatisfiedLinkError e) {
            LOG.log(System.Logger.Level.WARNING, "matrix products stay in single precision: {0}", e.getMessage());
            return false;
        }
    }
}
