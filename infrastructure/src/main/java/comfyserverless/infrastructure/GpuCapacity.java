package comfyserverless.infrastructure;

import java.util.List;
import software.amazon.awscdk.services.autoscaling.AutoScalingGroup;
import software.amazon.awscdk.services.ec2.BlockDevice;
import software.amazon.awscdk.services.ec2.BlockDeviceVolume;
import software.amazon.awscdk.services.ec2.EbsDeviceOptions;
import software.amazon.awscdk.services.ec2.EbsDeviceVolumeType;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.ec2.LaunchTemplate;
import software.amazon.awscdk.services.ec2.LaunchTemplateHttpTokens;
import software.amazon.awscdk.services.ec2.LaunchTemplateSpotOptions;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.UserData;
import software.amazon.awscdk.services.ecs.AmiHardwareType;
import software.amazon.awscdk.services.ecs.AsgCapacityProvider;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.EcsOptimizedImage;
import software.amazon.awscdk.services.iam.IRole;
import software.constructs.Construct;

/// The instances that runners are placed on, from none to the most that are allowed: an Auto Scaling
/// group, or instances that ECS manages.
final class GpuCapacity extends Construct {
    /// Where fetched models lie on an instance: its own disk if it has one.
    static final String MODELS = "/var/comfy/models";

    static final String SCRATCH = "/var/comfy/scratch";
    private static final int ROOT_GIGABYTES = 100;

    private final RunnerNetwork network;
    private final Names names;
    private final String name;

    GpuCapacity(Construct scope, DeploySettings all, RunnerNetwork network, Cluster cluster) {
        super(scope, "Capacity");
        DeploySettings.Runner settings = all.runner();
        this.names = new Names(all.prefix());
        this.network = network;
        this.name =
                settings.managed()
                        ? new ManagedCapacity(this, settings, network, cluster).name()
                        : group(settings, cluster).getCapacityProviderName();
    }

    /// The capacity provider's name.
    String name() {
        return name;
    }

    /// Only instances without a task go: which one the group would choose has nothing to do with jobs.
    private AsgCapacityProvider group(DeploySettings.Runner settings, Cluster cluster) {
        AutoScalingGroup group =
                AutoScalingGroup.Builder.create(this, "Instances")
                        .vpc(network.vpc())
                        .vpcSubnets(SubnetSelection.builder().subnetType(SubnetType.PUBLIC).build())
                        .launchTemplate(
                                launch(settings, new InstanceRole(this, names, cluster).role()))
                        .minCapacity(0)
                        .maxCapacity(settings.most())
                        .build();
        AsgCapacityProvider provider =
                AsgCapacityProvider.Builder.create(this, "Provider")
                        .autoScalingGroup(group)
                        .enableManagedTerminationProtection(true)
                        .enableManagedDraining(true)
                        .instanceWarmupPeriod(60)
                        .build();
        cluster.addAsgCapacityProvider(provider);
        return provider;
    }

    private LaunchTemplate launch(DeploySettings.Runner settings, IRole role) {
        LaunchTemplate.Builder builder =
                LaunchTemplate.Builder.create(this, "Instance")
                        .instanceType(new InstanceType(settings.instanceType()))
                        .machineImage(EcsOptimizedImage.amazonLinux2023(AmiHardwareType.GPU))
                        .securityGroup(network.closed())
                        .role(role)
                        .userData(firstBoot())
                        .associatePublicIpAddress(true)
                        .httpTokens(LaunchTemplateHttpTokens.REQUIRED)
                        .httpPutResponseHopLimit(1)
                        .blockDevices(
                                List.of(
                                        BlockDevice.builder()
                                                .deviceName("/dev/xvda")
                                                .volume(
                                                        BlockDeviceVolume.ebs(
                                                                ROOT_GIGABYTES,
                                                                EbsDeviceOptions.builder()
                                                                        .volumeType(
                                                                                EbsDeviceVolumeType
                                                                                        .GP3)
                                                                        .encrypted(true)
                                                                        .build()))
                                                .build()));
        if (settings.spot()) {
            builder.spotOptions(LaunchTemplateSpotOptions.builder().build());
        }
        return builder.build();
    }

    /// Puts models on the instance's own disk if it has one, owned by the container's user; lets the agent
    /// tell runners of a spot reclaim two minutes before.
    private static UserData firstBoot() {
        UserData script = UserData.forLinux();
        script.addCommands(Resources.lines("first-boot.sh"));
        return script;
    }
}
