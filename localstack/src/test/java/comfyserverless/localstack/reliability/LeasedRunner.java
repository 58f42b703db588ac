package comfyserverless.localstack.reliability;

import comfyserverless.aws.Aws;
import comfyserverless.aws.SettingsFile;
import comfyserverless.contract.Ports;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.pack.PackSources;
import comfyserverless.runner.ProcessSettings;
import comfyserverless.runner.RunnerProcess;
import comfyserverless.runner.claim.PassedOnClaims;
import comfyserverless.runner.claim.RunnerSettings;
import comfyserverless.runner.pack.RunnerPacks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// A runner in a JVM of its own on a running local stack's stores, with a short lease: what `RunnerMain` is in a
/// container. What it takes, and each end that it was told to be its own, goes into a file.
final class LeasedRunner {
    private static final Duration LOOK = Duration.ofMillis(100);

    private LeasedRunner() {}

    /// Takes jobs until it is stopped.
    ///
    /// @param arguments the stack's data folder, the lease in milliseconds, the file of its notes, the packs
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path data = Path.of(arguments[0]);
        Duration lease = Duration.ofMillis(Long.parseLong(arguments[1]));
        Path notes = Path.of(arguments[2]);
        Path packs = Path.of(arguments[3]);
        SettingsFile.Found stack = SettingsFile.read(data.resolve(SettingsFile.NAME)).orElseThrow();
        try (Aws aws = Aws.open(stack.settings(), BriefLease.of(lease))) {
            RunnerProcess process =
                    RunnerProcess.start(
                            surroundings(aws, data, packs),
                            settings(lease),
                            claims -> new NotedClaims(claims, notes));
            Runtime.getRuntime().addShutdownHook(new Thread(process::close));
            new CountDownLatch(1).await();
        }
    }

    private static ProcessSettings settings(Duration lease) {
        ProcessSettings standard = ProcessSettings.standard();
        return new ProcessSettings(
                standard.runners(),
                RunnerSettings.withLease(lease).looking(LOOK),
                standard.maxMessage(),
                standard.metadata(),
                standard.previews(),
                standard.torch(),
                standard.loadedModels(),
                standard.caching(),
                standard.longestWait());
    }

    private static RunnerProcess.Surroundings surroundings(Aws aws, Path data, Path packs) {
        Ports ports = aws.ports();
        return new RunnerProcess.Surroundings(
                ports,
                ports.files(),
                aws.models(data.resolve("models")),
                new RunnerProcess.Sending(
                        aws.post(), new StatusBudget(StatusBudget.DIRECT, System::nanoTime)),
                new RunnerPacks.Wanted(new PackSources(List.of(packs)), System.err::println),
                (_, _) -> {});
    }

    private static final class NotedClaims extends PassedOnClaims {
        private final Path notes;

        NotedClaims(Claims claims, Path notes) {
            super(claims);
            this.notes = notes;
        }

        @Override
        public Optional<Claim> claim(String own) {
            Optional<Claim> claim = super.claim(own);
            claim.ifPresent(taken -> note("claimed", taken));
            return claim;
        }

        @Override
        public boolean finish(Claim claim, JobResult result) {
            boolean own = super.finish(claim, result);
            if (own) {
                note("ended", claim);
            }
            return own;
        }

        private void note(String what, Claim claim) {
            String line = what + " " + claim.key().promptId() + "\n";
            try {
                Files.writeString(
                        notes, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot note " + line, e);
            }
        }
    }
}
