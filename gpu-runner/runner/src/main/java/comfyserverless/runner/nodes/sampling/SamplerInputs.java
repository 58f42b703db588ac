package comfyserverless.runner.nodes.sampling;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.integer;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.diffusion.sampling.Samplers;
import comfyserverless.diffusion.sampling.Scheduler;
import java.math.BigInteger;
import java.util.Arrays;

/// Inputs that samplers share.
final class SamplerInputs {
    private SamplerInputs() {}

    static InputSpec seed() {
        BigInteger most = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
        return integer(0).between(BigInteger.ZERO, most).with("control_after_generate", true);
    }

    static InputSpec steps() {
        return integer(20).between(1, 10000);
    }

    static InputSpec cfg() {
        return InputSpec.decimal(8).between(0, 100).step(0.1).round(0.01);
    }

    static InputSpec samplers() {
        return choice(Samplers.names());
    }

    static InputSpec schedulers() {
        return choice(Arrays.stream(Scheduler.values()).map(Scheduler::wireName).toList());
    }
}
