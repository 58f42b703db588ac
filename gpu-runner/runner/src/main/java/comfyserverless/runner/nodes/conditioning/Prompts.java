package comfyserverless.runner.nodes.conditioning;

import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.nodeapi.Value;
import java.util.List;
import java.util.function.UnaryOperator;

/// What CONDITIONING sockets carry: encoded prompts that apply together.
public record Prompts(List<Conditioning> all) {
    public Prompts {
        all = List.copyOf(all);
    }

    Value.Handle value() {
        return new Value.Handle("CONDITIONING", this);
    }

    /// Each prompt changed in the same way.
    Prompts each(UnaryOperator<Conditioning> change) {
        return new Prompts(all.stream().map(change).toList());
    }
}
