package comfyserverless.aws.ecs;

import comfyserverless.aws.Failures;
import comfyserverless.contract.job.RunnerCapacity;
import software.amazon.awssdk.services.ecs.EcsClient;

/// [RunnerCapacity] as the number of tasks that an ECS service should have. More than one is left to the
/// service's scaling.
public final class EcsRunners implements RunnerCapacity {
    private final EcsClient ecs;
    private final String cluster;
    private final String service;

    public EcsRunners(EcsClient ecs, String cluster, String service) {
        this.ecs = ecs;
        this.cluster = cluster;
        this.service = service;
    }

    @Override
    public void wake() {
        int wanted =
                Failures.translated(
                        () -> "cannot look at the service " + service,
                        () ->
                                ecs
                                        .describeServices(
                                                ask -> ask.cluster(cluster).services(service))
                                        .services()
                                        .stream()
                                        .mapToInt(found -> found.desiredCount())
                                        .sum());
        if (wanted == 0) {
            Failures.translated(
                    () -> "cannot start a task of the service " + service,
                    () ->
                            ecs.updateService(update ->
                                    update.cluster(cluster).service(service).desiredCount(1)));
        }
    }
}
