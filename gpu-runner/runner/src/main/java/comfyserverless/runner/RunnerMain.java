package comfyserverless.runner;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.Ports;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.runner.claim.MeasuredClaims;
import comfyserverless.runner.claim.ProtectedClaims;
import comfyserverless.runner.claim.TaskProtection;
import comfyserverless.runner.pack.RunnerPacks;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The runner's container: settings from the environment, jobs until SIGTERM, which gives running ones back.
public final class RunnerMain {
    private static final Logger LOG = LoggerFactory.getLogger(RunnerMain.class);

    private RunnerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> environment = System.getenv();
        AwsSettings stores = AwsSettings.of(environment);
        ContainerSettings settings = ContainerSettings.of(environment);
        CountDownLatch stopped = new CountDownLatch(1);
        try (Aws aws = Aws.open(stores, JobSettings.standard())) {
            TaskProtection protection = EcsTaskProtection.of(environment, Clock.systemUTC());
            RunnerProcess process =
                    RunnerProcess.start(
                            surroundings(aws, settings),
                            settings.process(),
                            claims ->
                                    new ProtectedClaims(
                                            measured(claims, settings.deployment()), protection));
            HealthFile health =
                    new HealthFile(settings.healthFile(), process::isWorking, Clock.systemUTC());
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(
                                    () -> {
                                        health.close();
                                        process.close();
                                        stopped.countDown();
                                    },
                                    "shutdown"));
            LOG.info("{} runners take jobs", settings.process().runners());
            health.start();
            stopped.await();
        }
    }

    /// Metrics are lines of the container's log, which is what it prints.
    private static Claims measured(Claims claims, @Nullable String deployment) {
        return deployment == null
                ? claims
                : new MeasuredClaims(
                        claims,
                        deployment,
                        Clock.systemUTC(),
                        line -> System.out.println(line.text()));
    }

    private static RunnerProcess.Surroundings surroundings(Aws aws, ContainerSettings settings) {
        Ports ports = aws.ports().withLimits(settings.limits());
        return new RunnerProcess.Surroundings(
                ports,
                ports.files(),
                aws.models(settings.modelCache().folder(), settings.modelCache().mostBytes()),
                new RunnerProcess.Sending(
                        aws.post(), new StatusBudget(StatusBudget.DIRECT, System::nanoTime)),
                new RunnerPacks.Wanted(settings.packs(), LOG::warn),
                (message, fraction) -> LOG.info("{} ({} %)", message, Math.round(100 * fraction)));
    }
}
