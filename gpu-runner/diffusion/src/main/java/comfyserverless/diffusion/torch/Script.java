package comfyserverless.diffusion.torch;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.Arrays;

/// A loaded library of TorchScript functions: `script.call("silu").with(x).tensor()`.
public final class Script {

    private final Torch torch;
    private final String name;
    private final PtSymbolBlock module;

    Script(Torch torch, String name, PtSymbolBlock module) {
        this.torch = torch;
        this.name = name;
        this.module = module;
    }

    /// Begins a call of one function; add its arguments in order, then ask for the result.
    public Call call(String function) {
        return new Call(this, torch, function);
    }

    IValue run(String function, IValue[] arguments) {
        torch.assertThread();
        try {
            return IValueUtils.runMethod(module, function, arguments);
        } catch (RuntimeException e) {
            throw new TorchException(
                    name
                            + "."
                            + function
                            + Arrays.toString(arguments(arguments))
                            + ": "
                            + lastLine(e),
                    e);
        }
    }

    /// The arguments' kinds, for the message.
    private static String[] arguments(IValue[] values) {
        return Arrays.stream(values).map(IValue::getType).toArray(String[]::new);
    }

    /// TorchScript's message is a traceback whose last line says what was wrong.
    private static String lastLine(RuntimeException e) {
        String message = String.valueOf(e.getMessage()).strip();
        return message.substring(message.lastIndexOf('\n') + 1);
    }
}
