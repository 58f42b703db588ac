package comfyserverless.diffusion.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A device that computes: its one platform thread, its libraries of TorchScript, and the birth of tensors.
///
/// All tensor work runs on that thread; other threads hand it tasks with [#call(Callable)]. Everything else here
/// asserts that it is called inside. Every tensor is born in the innermost open [Scope].
public final class Torch implements AutoCloseable {

    private final TorchSettings settings;
    private final TorchThread thread;
    private final PtNDManager manager;
    private final Map<String, Script> scripts = new HashMap<>();
    private final Script ops;
    private @Nullable Scope current;

    private Torch(TorchSettings settings, TorchThread thread, PtNDManager manager) {
        this.settings = settings;
        this.thread = thread;
        this.manager = manager;
        this.ops = load(Torch.class, "ops.py");
    }

    /// Starts the engine (unpacking its natives at the first use) and the device's thread.
    ///
    /// @throws TorchException when CUDA is asked for and not usable; the message says how to bring it
    public static Torch open(TorchSettings settings, EngineStart listener) {
        TorchThread thread = new TorchThread(settings);
        try {
            return thread.call(
                    () -> new Torch(settings, thread, Engines.start(settings, listener)));
        } catch (RuntimeException | Error e) {
            thread.close();
            throw e;
        }
    }

    /// Runs a task on the device's thread and waits for its result; exceptions come out as they were thrown.
    /// Called on that thread, it runs the task right away. Not interruptible: an interrupt is kept for the caller.
    public <T extends @Nullable Object> T call(Callable<T> task) {
        return thread.call(task);
    }

    /// [#call(Callable)] without a result.
    public void run(Runnable task) {
        thread.call(() -> {
            task.run();
            return null;
        });
    }

    public Device device() {
        return settings.device();
    }

    /// Opens a scope inside the current one; close it in a `try`.
    public Scope scope() {
        assertThread();
        Scope scope = new Scope(this, true, current);
        current = scope;
        return scope;
    }

    /// Makes a scope outside the nesting, for what lives longer than a task: the weights of a model.
    public Scope hold() {
        return new Scope(this, false, null);
    }

    /// What `building` makes of tensors that it puts into such a scope and leaves to the result to free. Where it fails,
    /// they are freed.
    public <M> M holding(Function<Scope, M> building) {
        Scope owner = hold();
        try {
            return building.apply(owner);
        } catch (RuntimeException | Error e) {
            owner.close();
            throw e;
        }
    }

    /// Loads the TorchScript library in the resource `name` beside `owner`: one `class Library(Module)` whose methods
    /// are its functions. It is loaded once and lives as long as this device.
    public Script load(Class<?> owner, String name) {
        assertThread();
        return scripts.computeIfAbsent(owner.getPackageName() + "/" + name, _ -> read(owner, name));
    }

    /// A float32 tensor on the device with the numbers of a host array.
    public Tensor fromHost(HostTensor host) {
        return fromHost(host.data(), host.shape());
    }

    /// A float32 tensor on the device with these numbers, row-major.
    public Tensor fromHost(float[] data, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(data.length, Float.BYTES));
        bytes.order(ByteOrder.nativeOrder()).asFloatBuffer().put(data);
        return fromBytes(bytes, DType.F32, shape);
    }

    /// An int64 tensor on the device.
    public Tensor fromHost(long[] data, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(data.length, Long.BYTES));
        bytes.order(ByteOrder.nativeOrder()).asLongBuffer().put(data);
        return fromBytes(bytes, DType.I64, shape);
    }

    /// A tensor on the device from raw little-endian bytes in a direct buffer (which is copied).
    private Tensor fromBytes(ByteBuffer bytes, DType type, long... shape) {
        assertThread();
        if (Shapes.count(shape) * type.bytes() != bytes.remaining()) {
            throw new IllegalArgumentException(
                    bytes.remaining() + " bytes are no " + Arrays.toString(shape) + " of " + type);
        }
        try (PtNDArray raw = HostCopies.uint8(manager, bytes);
                IValue value = IValue.from(raw)) {
            return ops.call("from_bytes")
                    .borrow(value)
                    .with(type.code())
                    .withLongs(shape)
                    .with(settings.device().torchName())
                    .tensor();
        }
    }

    public Tensor zeros(long... shape) {
        return full(0, shape);
    }

    public Tensor full(double value, long... shape) {
        return ops.call("full")
                .withLongs(shape)
                .with(value)
                .with(settings.device().torchName())
                .tensor();
    }

    /// Joins tensors along an existing dimension.
    public Tensor cat(int dimension, List<Tensor> parts) {
        try (Scope scope = scope()) {
            return scope.out(ops.call("cat").with(list(parts)).with(dimension).tensor());
        }
    }

    /// Joins tensors along an existing dimension.
    public Tensor cat(int dimension, Tensor... parts) {
        return cat(dimension, List.of(parts));
    }

    /// One native value of several tensors.
    public Tensors list(List<Tensor> parts) {
        assertThread();
        if (parts.isEmpty()) {
            return ops.call("empty_list").tensors();
        }
        return bornList(IValue.listFrom(parts.stream().map(Tensor::value).toArray(IValue[]::new)));
    }

    /// Gives memory that the C library keeps for itself back to the system: after a job, after unloading a model.
    public void trim() {
        CLibrary.trim();
    }

    /// Stops the thread. Tensors that still live are not freed.
    @Override
    public void close() {
        thread.close();
    }

    Script ops() {
        return ops;
    }

    void assertThread() {
        thread.assertInside();
    }

    Tensor born(IValue value) {
        return own(new Tensor(this, value));
    }

    Tensors bornList(IValue value) {
        return own(new Tensors(this, value));
    }

    PtNDManager manager() {
        return manager;
    }

    void leave(Scope scope, @Nullable Scope parent) {
        if (current != scope) {
            throw new TorchException("scopes are closed in the reverse order of their opening");
        }
        current = parent;
    }

    private Script read(Class<?> owner, String name) {
        try (InputStream resource = owner.getResourceAsStream(name)) {
            if (resource == null) {
                throw new TorchException("no resource " + name + " beside " + owner.getName());
            }
            String source = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            byte[] archive = TorchScriptArchive.of(source);
            return new Script(
                    this,
                    name,
                    JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw new TorchException(
                    "the TorchScript library " + name + " does not load: " + e.getMessage(), e);
        }
    }

    private <R extends Resource> R own(R resource) {
        Scope scope = current;
        if (scope == null) {
            resource.free();
            throw new TorchException(
                    "a tensor is born where no scope is open: use try (Scope scope = torch.scope())");
        }
        scope.add(resource);
        return resource;
    }
}
