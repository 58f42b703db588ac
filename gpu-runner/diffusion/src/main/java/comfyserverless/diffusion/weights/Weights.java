package comfyserverless.diffusion.weights;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Device;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Tensors;
import comfyserverless.diffusion.torch.Torch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tensors of a state dict on a device. The file is mapped into memory; a tensor whose type is the wanted one is a view
/// of the mapping (no copy), another is converted. The file must not change or shrink as long as any of them lives.
///
/// Used on the device's thread, and closed when the model is built: tensors in other scopes keep the mapping alive.
public final class Weights implements AutoCloseable {

    private final Torch torch;
    private final StateDict dict;
    private final Form form;
    private final Shared shared;
    private final @Nullable Kept kept;

    /// How tensors are given: rounded to one type, if there is one, and converted to the other.
    private record Form(DType type, @Nullable DType rounding) {}

    /// Tensors that were read before, by name, and the scope that owns those read from now on.
    private record Kept(Scope owner, Map<String, Tensor> tensors) {}

    /// The parts that the views of one file have in common.
    private record Shared(
            Script script, Scope mappings, Map<DType, Tensor> bases, long fileBytes) {}

    private Weights(Torch torch, StateDict dict, Form form, Shared shared, @Nullable Kept kept) {
        this.torch = torch;
        this.dict = dict;
        this.form = form;
        this.shared = shared;
        this.kept = kept;
    }

    /// Weights of one file, given as `type`.
    public static Weights open(Torch torch, StateDict dict, DType type) {
        Script script = torch.load(Weights.class, "mapping.py");
        long fileBytes = dict.file().toFile().length();
        return new Weights(
                torch,
                dict,
                new Form(type, null),
                new Shared(script, torch.hold(), new EnumMap<>(DType.class), fileBytes),
                null);
    }

    /// The same file under a prefix.
    public Weights under(String prefix) {
        return new Weights(torch, dict.under(prefix), form, shared, null);
    }

    /// Other tensors of the same file, or the same ones under other names.
    ///
    /// @throws IllegalArgumentException when they are of another file
    public Weights reading(StateDict other) {
        if (!other.file().equals(dict.file())) {
            throw new IllegalArgumentException(
                    "weights of %s are no tensors of %s".formatted(other.file(), dict.file()));
        }
        return new Weights(torch, other, form, shared, null);
    }

    /// The same tensors given as another type.
    public Weights as(DType other) {
        return new Weights(torch, dict, new Form(other, form.rounding()), shared, null);
    }

    /// The same tensors rounded to a type, whatever the one is in which they are given.
    public Weights rounded(DType to) {
        return new Weights(torch, dict, new Form(form.type(), to), shared, null);
    }

    /// The same, remembering each tensor that is read as long as `owner` is open, so that another model can be built of
    /// them ([#replacing(Scope, Map)]) when the file is no longer mapped.
    public Weights keeping(Scope owner) {
        return new Weights(torch, dict, form, shared, new Kept(owner, new HashMap<>()));
    }

    /// What was kept, with some tensors in the place of others.
    public Weights replacing(Scope owner, Map<String, Tensor> others) {
        Map<String, Tensor> tensors = new HashMap<>(kept == null ? Map.of() : kept.tensors());
        tensors.putAll(others);
        return new Weights(torch, dict, form, shared, new Kept(owner, tensors));
    }

    /// The names of the tensors that were kept.
    public Set<String> keptNames() {
        return kept == null ? Set.of() : Set.copyOf(kept.tensors().keySet());
    }

    /// The type in which tensors are given.
    public DType type() {
        return form.type();
    }

    public StateDict dict() {
        return dict;
    }

    /// One tensor as the wanted type, in the current scope.
    public Tensor get(String name) {
        Kept keeper = kept;
        if (keeper == null) {
            return read(name);
        }
        Tensor known = keeper.tensors().get(name);
        if (known == null) {
            known = keeper.owner().take(read(name));
            keeper.tensors().put(name, known);
        }
        return known;
    }

    private Tensor read(String name) {
        TensorEntry entry = dict.entry(name);
        Tensor stored = stored(entry);
        DType rounding = form.rounding();
        if (rounding != null && entry.dtype() != rounding) {
            return moved(stored.to(rounding));
        }
        return entry.dtype() == form.type() && torch.device() == Device.CPU
                ? stored
                : moved(stored);
    }

    /// One tensor's numbers, in the order of its dimensions.
    public float[] numbers(String name) {
        try (Scope _ = torch.scope()) {
            return get(name).toHost().data();
        }
    }

    /// Several tensors as one native list, in the current scope.
    public Tensors list(List<String> names) {
        try (Scope scope = torch.scope()) {
            List<Tensor> tensors = new ArrayList<>();
            for (String name : names) {
                tensors.add(get(name));
            }
            return scope.out(torch.list(tensors));
        }
    }

    /// Several tensors as one native list that lives in `owner`.
    public Tensors list(Scope owner, List<String> names) {
        try (Scope _ = torch.scope()) {
            return owner.take(list(names));
        }
    }

    @Override
    public void close() {
        shared.mappings().close();
    }

    private Tensor stored(TensorEntry entry) {
        int bytes = entry.dtype().bytes();
        if (entry.begin() % bytes != 0) {
            return shared.script()
                    .call("copy_out")
                    .with(base(DType.U8))
                    .with(entry.begin())
                    .with(entry.end())
                    .with(entry.dtype().code())
                    .withLongs(entry.sizes())
                    .withLongs(entry.steps())
                    .tensor();
        }
        return shared.script()
                .call("view")
                .with(base(entry.dtype()))
                .withLongs(entry.sizes())
                .withLongs(entry.steps())
                .with(entry.begin() / bytes)
                .tensor();
    }

    private Tensor moved(Tensor stored) {
        return stored.to(form.type(), torch.device());
    }

    private Tensor base(DType dtype) {
        return shared.bases().computeIfAbsent(dtype, this::map);
    }

    private Tensor map(DType dtype) {
        try (Scope _ = torch.scope()) {
            return shared.mappings()
                    .take(
                            shared.script()
                                    .call("map_file")
                                    .with(dict.file().toAbsolutePath().toString())
                                    .with(shared.fileBytes() / dtype.bytes())
                                    .with(dtype.code())
                                    .tensor());
        }
    }
}
