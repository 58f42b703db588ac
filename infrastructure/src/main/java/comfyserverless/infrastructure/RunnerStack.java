package comfyserverless.infrastructure;

import comfyserverless.contract.state.TableAccess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.BaseService;
import software.amazon.awscdk.services.ecs.CapacityProviderStrategy;
import software.amazon.awscdk.services.ecs.CfnService;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.Compatibility;
import software.amazon.awscdk.services.ecs.ContainerDefinition;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.Ec2Service;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.Host;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.MountPoint;
import software.amazon.awscdk.services.ecs.NetworkMode;
import software.amazon.awscdk.services.ecs.TaskDefinition;
import software.amazon.awscdk.services.ecs.Volume;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;

/// GPU runners on ECS: as many tasks as the backlog asks for, none while nothing waits.
final class RunnerStack extends Stack {
    private static final int MEMORY_MIB = 12288;
    private static final String MODELS = "/models";
    private static final String SCRATCH = "/tmp";

    private final DeploySettings settings;
    private final Names names;
    private final StateStack state;
    private final SocketGateway sockets;

    RunnerStack(App app, DeploySettings settings, StateStack state, ApiStack api) {
        super(app, new Names(settings.prefix()).stack("runner"));
        this.settings = settings;
        this.names = new Names(settings.prefix());
        this.state = state;
        this.sockets = api.sockets();
        RunnerNetwork network = new RunnerNetwork(this);
        Cluster cluster =
                Cluster.Builder.create(this, "Cluster")
                        .clusterName(names.cluster())
                        .vpc(network.vpc())
                        .build();
        GpuCapacity capacity = new GpuCapacity(this, settings, network, cluster);
        TaskDefinition task = task();
        mayDo().forEach(task::addToTaskRolePolicy);
        container(task);
        service(cluster, task, capacity);
        new RunnerScaling(this, settings, names);
    }

    private TaskDefinition task() {
        TaskDefinition.Builder builder =
                TaskDefinition.Builder.create(this, "Task")
                        .compatibility(
                                settings.runner().managed()
                                        ? Compatibility.MANAGED_INSTANCES
                                        : Compatibility.EC2)
                        .volumes(
                                List.of(
                                        volume("models", GpuCapacity.MODELS),
                                        volume("scratch", GpuCapacity.SCRATCH)));
        if (settings.runner().managed()) {
            // by the instance's own address, since a task's own would be a private one
            builder.cpu("4096")
                    .memoryMiB(Integer.toString(MEMORY_MIB))
                    .networkMode(NetworkMode.HOST);
        }
        return builder.build();
    }

    /// A folder of the instance that its first boot made; on instances of ECS, which has no such script, one
    /// of the task's own, with the owner that the image says.
    private Volume volume(String name, String folder) {
        Volume.Builder volume = Volume.builder().name(name);
        if (!settings.runner().managed()) {
            volume.host(Host.builder().sourcePath(folder).build());
        }
        return volume.build();
    }

    private void container(TaskDefinition task) {
        Map<String, String> environment = new HashMap<>(settings.more().runner());
        environment.putAll(state.names());
        environment.put("COMFY_CONNECTIONS_ENDPOINT", sockets.stage().getCallbackUrl());
        environment.put("COMFY_DEPLOYMENT", settings.prefix());
        environment.put("COMFY_DEVICE", "cuda");
        environment.put("COMFY_PREVIEWS", "latent2rgb");
        environment.put("COMFY_MODEL_CACHE", MODELS);
        environment.put(
                "COMFY_MODEL_CACHE_GIGABYTES",
                Integer.toString(settings.runner().cacheGigabytes()));
        environment.put("AWS_REGION", getRegion());
        LogGroup log =
                LogGroup.Builder.create(this, "Log").retention(RetentionDays.ONE_MONTH).build();
        ContainerDefinition container =
                task.addContainer(
                        "Runner",
                        ContainerDefinitionOptions.builder()
                                .image(new RunnerImage(this, settings.runner().image()).image())
                                .gpuCount(1)
                                .memoryReservationMiB(MEMORY_MIB)
                                .stopTimeout(Duration.seconds(120))
                                .readonlyRootFilesystem(true)
                                .environment(environment)
                                .healthCheck(
                                        HealthCheck.builder()
                                                .command(List.of("CMD", "/opt/runner/healthy"))
                                                .interval(Duration.seconds(30))
                                                .startPeriod(Duration.minutes(5))
                                                .retries(3)
                                                .build())
                                .logging(
                                        LogDriver.awsLogs(
                                                AwsLogDriverProps.builder()
                                                        .streamPrefix("runner")
                                                        .logGroup(log)
                                                        .build()))
                                .build());
        container.addMountPoints(mount("models", MODELS), mount("scratch", SCRATCH));
    }

    private static MountPoint mount(String volume, String path) {
        return MountPoint.builder()
                .sourceVolume(volume)
                .containerPath(path)
                .readOnly(false)
                .build();
    }

    private List<PolicyStatement> mayDo() {
        List<PolicyStatement> may = new ArrayList<>();
        may.add(Permissions.table(state.table(), state.indexNames(), TableAccess.RUNNER));
        may.add(Permissions.readAndWriteObjects(state.files()));
        may.add(Permissions.listObjects(state.files()));
        may.add(Permissions.readObjects(state.models()));
        may.add(Permissions.listObjects(state.models()));
        may.add(Permissions.receiveFrom(state.tickets()));
        may.add(Permissions.sendTo(state.tickets()));
        may.add(Permissions.connections(this, sockets.apiId(), SocketGateway.STAGE, "POST"));
        may.add(
                Permissions.of(
                        formatArn(
                                ArnComponents.builder()
                                        .service("ecs")
                                        .resource("task")
                                        .resourceName(names.cluster() + "/*")
                                        .build()),
                        "ecs:GetTaskProtection",
                        "ecs:UpdateTaskProtection"));
        return may;
    }

    /// Deployments stop old tasks first: a GPU instance has room for one. A protected task finishes its
    /// job before.
    private BaseService service(Cluster cluster, TaskDefinition task, GpuCapacity capacity) {
        List<CapacityProviderStrategy> strategy =
                List.of(
                        CapacityProviderStrategy.builder()
                                .capacityProvider(capacity.name())
                                .weight(1)
                                .build());
        if (settings.runner().managed()) {
            FargateService service =
                    FargateService.Builder.create(this, "Service")
                            .serviceName(names.service())
                            .cluster(cluster)
                            .taskDefinition(task)
                            .desiredCount(0)
                            .minHealthyPercent(0)
                            .maxHealthyPercent(100)
                            .capacityProviderStrategies(strategy)
                            .build();
            service.getNode().addDependency(capacity);
            withoutOwnAddress(service);
            return service;
        }
        Ec2Service service =
                Ec2Service.Builder.create(this, "Service")
                        .serviceName(names.service())
                        .cluster(cluster)
                        .taskDefinition(task)
                        .desiredCount(0)
                        .minHealthyPercent(0)
                        .maxHealthyPercent(100)
                        .capacityProviderStrategies(strategy)
                        .build();
        service.getNode().addDependency(capacity);
        return service;
    }

    /// The CDK gives every service of this kind subnets, which ECS refuses where tasks use the instance's.
    private static void withoutOwnAddress(FargateService service) {
        if (service.getNode().findChild("Service") instanceof CfnService made) {
            made.addPropertyDeletionOverride("NetworkConfiguration");
        }
    }
}
