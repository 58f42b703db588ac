package comfyserverless.diffusion.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/// Starts DJL's PyTorch engine, once a process, and sets up the calling thread for a device.
final class Engines {

    private Engines() {}

    /// Runs on the device's thread: grad mode, executor flag and thread count belong to it.
    static PtNDManager start(TorchSettings settings, EngineStart listener) {
        // DJL reads these when its classes load: no telemetry, no downloads
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        // OpenMP's workers wait for each other by spinning for about 300,000 rounds, which starves
        // them where other
        // processes or JVM threads want the same cores (seen: 20 ms become 600); read when libgomp
        // is loaded
        CLibrary.setDefaultEnvironment("GOMP_SPINCOUNT", "100");
        Engine engine;
        try (Unpacking _ = Unpacking.watch(listener)) {
            engine = Engine.getEngine("PyTorch");
        } catch (EngineException e) {
            throw new TorchException(
                    "PyTorch's native libraries do not load: " + rootMessage(e), e);
        }
        if (settings.device() == Device.CUDA && !usesCuda(engine)) {
            throw new TorchException(cudaMissing(engine.getVersion()));
        }
        JniUtils.setGradMode(false);
        JniUtils.setGraphExecutorOptimize(false);
        JniUtils.setNumThreads(settings.threadsOrAll());
        listener.progress("PyTorch " + engine.getVersion() + " is ready", 1);
        return (PtNDManager) engine.newBaseManager(ai.djl.Device.cpu());
    }

    private static boolean usesCuda(Engine engine) {
        return engine.hasCapability("CUDA") && engine.getGpuCount() > 0;
    }

    private static String cudaMissing(String version) {
        return """
        CUDA was asked for, but PyTorch sees no usable CUDA device. It needs an NVIDIA driver (`nvidia-smi` \
        must list a GPU) and PyTorch %1$s with CUDA, which Maven Central does not carry. Bring it so, then \
        start again:
          pip install torch==%1$s --index-url https://download.pytorch.org/whl/cu128
          export PYTORCH_LIBRARY_PATH=$(python3 -c \
        'import os, torch; print(os.path.dirname(torch.__file__))')/lib
          export PYTORCH_VERSION=%1$s PYTORCH_FLAVOR=cu128
        and, where $PYTORCH_LIBRARY_PATH has no libcudart.so, link it to the libcudart.so.12 that pip brought.\
        """
                .formatted(version);
    }

    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
