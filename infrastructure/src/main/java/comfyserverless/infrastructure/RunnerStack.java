package comfyserverless.infrastructure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnParameter;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.applicationautoscaling.AdjustmentType;
import software.amazon.awscdk.services.applicationautoscaling.BasicStepScalingPolicyProps;
import software.amazon.awscdk.services.applicationautoscaling.EnableScalingProps;
import software.amazon.awscdk.services.applicationautoscaling.ScalingInterval;
import software.amazon.awscdk.services.autoscaling.AutoScalingGroup;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.ec2.LaunchTemplate;
import software.amazon.awscdk.services.ec2.LaunchTemplateHttpTokens;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.UserData;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ecs.AmiHardwareType;
import software.amazon.awscdk.services.ecs.AsgCapacityProvider;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.CapacityProviderStrategy;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.Ec2Service;
import software.amazon.awscdk.services.ecs.Ec2TaskDefinition;
import software.amazon.awscdk.services.ecs.EcsOptimizedImage;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.RetentionDays;

/// GPU runners on ECS: as many tasks as the queue asks for, none while nothing waits. They sit in a
/// public subnet that lets nothing in, so reaching the APIs costs no NAT gateway.
final class RunnerStack extends Stack {
    private final DeploySettings settings;

    RunnerStack(App app, DeploySettings settings, StateStack state, ApiStack api) {
        super(app, settings.prefix() + "-runner");
        this.settings = settings;
        Vpc vpc = network();
        Cluster cluster = Cluster.Builder.create(this, "Cluster").vpc(vpc).build();
        AsgCapacityProvider capacity = capacity(vpc, cluster);

        Ec2TaskDefinition task = Ec2TaskDefinition.Builder.create(this, "Task").build();
        Map<String, String> environment = new HashMap<>(state.names());
        environment.put("COMFY_CONNECTIONS_ENDPOINT", api.socketStage().getCallbackUrl());
        environment.put("COMFY_DEVICE", "cuda");
        task.addContainer(
                "Runner",
                ContainerDefinitionOptions.builder()
                        .image(ContainerImage.fromRegistry(image()))
                        .gpuCount(1)
                        .memoryReservationMiB(12288)
                        .stopTimeout(Duration.seconds(120))
                        .readonlyRootFilesystem(true)
                        .environment(environment)
                        .logging(
                                LogDriver.awsLogs(
                                        AwsLogDriverProps.builder()
                                                .streamPrefix("runner")
                                                .logRetention(RetentionDays.ONE_MONTH)
                                                .build()))
                        .build());
        state.table().grantReadWriteData(task.getTaskRole());
        state.files().grantReadWrite(task.getTaskRole());
        state.models().grantRead(task.getTaskRole());
        state.tickets().grantConsumeMessages(task.getTaskRole());
        state.tickets().grantSendMessages(task.getTaskRole());
        api.socketStage().grantManagementApiAccess(task.getTaskRole());

        Ec2Service service =
                Ec2Service.Builder.create(this, "Service")
                        .cluster(cluster)
                        .taskDefinition(task)
                        .desiredCount(0)
                        .minHealthyPercent(0)
                        .maxHealthyPercent(100)
                        .capacityProviderStrategies(
                                List.of(
                                        CapacityProviderStrategy.builder()
                                                .capacityProvider(
                                                        capacity.getCapacityProviderName())
                                                .weight(1)
                                                .build()))
                        .build();
        scale(service, state);
    }

    private Vpc network() {
        return Vpc.Builder.create(this, "Vpc")
                .maxAzs(2)
                .natGateways(0)
                .subnetConfiguration(
                        List.of(
                                SubnetConfiguration.builder()
                                        .name("runners")
                                        .subnetType(SubnetType.PUBLIC)
                                        .build()))
                .gatewayEndpoints(
                        Map.of(
                                "S3",
                                GatewayVpcEndpointOptions.builder()
                                        .service(GatewayVpcEndpointAwsService.S3)
                                        .build(),
                                "DynamoDb",
                                GatewayVpcEndpointOptions.builder()
                                        .service(GatewayVpcEndpointAwsService.DYNAMODB)
                                        .build()))
                .build();
    }

    private AsgCapacityProvider capacity(Vpc vpc, Cluster cluster) {
        SecurityGroup closed =
                SecurityGroup.Builder.create(this, "NothingIn")
                        .vpc(vpc)
                        .allowAllOutbound(true)
                        .build();
        Role role =
                Role.Builder.create(this, "InstanceRole")
                        .assumedBy(new ServicePrincipal("ec2.amazonaws.com"))
                        .managedPolicies(
                                List.of(
                                        ManagedPolicy.fromAwsManagedPolicyName(
                                                "service-role/AmazonEC2ContainerServiceforEC2Role")))
                        .build();
        LaunchTemplate template =
                LaunchTemplate.Builder.create(this, "Instance")
                        .instanceType(new InstanceType(settings.instanceType()))
                        .machineImage(EcsOptimizedImage.amazonLinux2023(AmiHardwareType.GPU))
                        .securityGroup(closed)
                        .role(role)
                        .userData(UserData.forLinux())
                        .associatePublicIpAddress(true)
                        .httpTokens(LaunchTemplateHttpTokens.REQUIRED)
                        .build();
        AutoScalingGroup group =
                AutoScalingGroup.Builder.create(this, "Instances")
                        .vpc(vpc)
                        .launchTemplate(template)
                        .minCapacity(0)
                        .maxCapacity(settings.maxRunners())
                        .build();
        AsgCapacityProvider capacity =
                AsgCapacityProvider.Builder.create(this, "Capacity")
                        .autoScalingGroup(group)
                        .enableManagedTerminationProtection(false)
                        .build();
        cluster.addAsgCapacityProvider(capacity);
        return capacity;
    }

    private String image() {
        if (settings.runnerImage() != null) {
            return settings.runnerImage();
        }
        return CfnParameter.Builder.create(this, "RunnerImage")
                .type("String")
                .description("The runner's container image (registry/name:tag)")
                .build()
                .getValueAsString();
    }

    /// One runner from the first waiting ticket on, another for each ten; none when the queue is dry.
    private void scale(Ec2Service service, StateStack state) {
        service.autoScaleTaskCount(
                        EnableScalingProps.builder()
                                .minCapacity(0)
                                .maxCapacity(settings.maxRunners())
                                .build())
                .scaleOnMetric(
                        "Backlog",
                        BasicStepScalingPolicyProps.builder()
                                .metric(state.tickets().metricApproximateNumberOfMessagesVisible())
                                .adjustmentType(AdjustmentType.EXACT_CAPACITY)
                                .scalingSteps(
                                        List.of(
                                                ScalingInterval.builder()
                                                        .upper(0)
                                                        .change(0)
                                                        .build(),
                                                ScalingInterval.builder()
                                                        .lower(1)
                                                        .change(1)
                                                        .build(),
                                                ScalingInterval.builder()
                                                        .lower(10)
                                                        .change(settings.maxRunners())
                                                        .build()))
                                .build());
    }
}
