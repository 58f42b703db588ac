package comfyserverless.diffusion.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/// One call of a TorchScript function: the arguments in order, then the wanted kind of result.
public final class Call {

    private final Script script;
    private final Torch torch;
    private final String function;
    private final List<IValue> arguments = new ArrayList<>();
    private final List<IValue> temporary = new ArrayList<>();

    Call(Script script, Torch torch, String function) {
        this.script = script;
        this.torch = torch;
        this.function = function;
    }

    public Call with(Tensor tensor) {
        return borrow(tensor);
    }

    public Call with(Tensors tensors) {
        return borrow(tensors);
    }

    public Call with(long number) {
        return own(IValue.from(number));
    }

    public Call with(double number) {
        return own(IValue.from(number));
    }

    public Call with(String text) {
        return own(IValue.from(text));
    }

    /// A List[int].
    public Call withLongs(long... numbers) {
        return own(IValue.listFrom(numbers));
    }

    /// The result, a tensor born in the current scope.
    public Tensor tensor() {
        return torch.born(run());
    }

    /// The result, a list of tensors, as one native value in the current scope.
    public Tensors tensors() {
        return torch.bornList(run());
    }

    /// The result, a List[int].
    public long[] longs() {
        try (IValue result = run()) {
            return result.toLongArray();
        }
    }

    Call borrow(Resource resource) {
        arguments.add(resource.value());
        return this;
    }

    Call borrow(IValue value) {
        arguments.add(value);
        return this;
    }

    private IValue run() {
        try {
            return script.run(function, arguments.toArray(IValue[]::new));
        } finally {
            temporary.forEach(IValue::close);
        }
    }

    private Call own(IValue value) {
        temporary.add(value);
        arguments.add(value);
        return this;
    }
}
