package comfyserverless.diffusion;

import com.sun.management.OperatingSystemMXBean;
import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.SampleRequest;
import comfyserverless.diffusion.sampling.Sampling;
import comfyserverless.diffusion.sampling.Scheduler;
import comfyserverless.diffusion.sampling.StepListener;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.torch.Device;
import comfyserverless.diffusion.torch.EngineStart;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.torch.TorchSettings;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Times a checkpoint: `Benchmark MODEL.safetensors [PIXELS [STEPS [cpu|cuda]]]`. Prints the clock's and the processor's
/// milliseconds of each part, twice (the first round warms up), and the process's memory at its highest.
public final class Benchmark {

    private static final PrintStream OUT = System.out;
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Benchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        int pixels = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 128;
        int steps = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        boolean cuda = arguments.length > 3 && arguments[3].equals("cuda");
        TorchSettings settings = new TorchSettings(cuda ? Device.CUDA : Device.CPU, 0);
        try (Torch torch = timed("start", () -> Torch.open(settings, EngineStart.SILENT))) {
            Checkpoints checkpoints =
                    new Checkpoints(torch, new MemoryBudget(Path.of("/")), ClipPrecision.FP16);
            try (Checkpoint checkpoint =
                    timed("load", () -> checkpoints.load(file, ProgressListener.SILENT))) {
                for (int round = 0; round < 2; round++) {
                    draw(checkpoint, pixels, steps);
                }
            }
        }
        Files.readString(Path.of("/proc/self/status"))
                .lines()
                .filter(line -> line.startsWith("VmHWM"))
                .forEach(OUT::println);
    }

    private static void draw(Checkpoint checkpoint, int pixels, int steps) {
        PromptEncoding prompt =
                timed(
                        "encode",
                        () ->
                                checkpoint
                                        .clip()
                                        .encode(
                                                Prompt.of("a red circle"),
                                                OptionalInt.empty(),
                                                Embeddings.NONE));
        List<Conditioning> conditioning = List.of(Conditioning.of(prompt.hidden(), null));
        SampleRequest request =
                new SampleRequest(
                        checkpoint.model(),
                        new SampleRequest.Prompting(conditioning, conditioning, 4.5),
                        SampleRequest.Latent.of(HostTensor.zeros(1, 4, pixels / 8, pixels / 8)),
                        42,
                        SampleRequest.Plan.all("euler", Scheduler.NORMAL, steps, 1));
        HostTensor latent =
                timed(steps + " steps", () -> Sampling.sample(request, StepListener.NONE));
        HostTensor picture = timed("decode", () -> checkpoint.vae().orElseThrow().decode(latent));
        timed("encode picture", () -> checkpoint.vae().orElseThrow().encode(picture));
    }

    private static <T> T timed(String what, Supplier<T> work) {
        long clock = System.nanoTime();
        long processor = SYSTEM.getProcessCpuTime();
        T result = work.get();
        OUT.printf(
                "%-16s %,8d ms, processor %,8d ms%n",
                what,
                (System.nanoTime() - clock) / 1_000_000,
                (SYSTEM.getProcessCpuTime() - processor) / 1_000_000);
        return result;
    }
}
