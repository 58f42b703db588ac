package comfyserverless.infrastructure;

import java.util.List;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.InstanceRequirementsConfig;
import software.amazon.awscdk.services.ecs.CapacityOptionType;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ManagedInstancesCapacityProvider;
import software.constructs.Construct;

/// Instances that ECS chooses, patches and replaces (after 14 to 21 days, whatever runs).
final class ManagedCapacity extends Construct {
    private static final int DISK_GIBIBYTES = 250;
    private static final int CORES = 4;
    private static final int MEMORY_MIB = 16384;

    private final ManagedInstancesCapacityProvider provider;

    ManagedCapacity(
            Construct scope,
            DeploySettings.Runner settings,
            RunnerNetwork network,
            Cluster cluster) {
        super(scope, "Managed");
        this.provider =
                ManagedInstancesCapacityProvider.Builder.create(this, "Provider")
                        .subnets(network.vpc().getPublicSubnets())
                        .securityGroups(List.<ISecurityGroup>of(network.closed()))
                        .capacityOptionType(
                                settings.spot()
                                        ? CapacityOptionType.SPOT
                                        : CapacityOptionType.ON_DEMAND)
                        .taskVolumeStorage(Size.gibibytes(DISK_GIBIBYTES))
                        .instanceRequirements(
                                InstanceRequirementsConfig.builder()
                                        .vCpuCountMin(CORES)
                                        .memoryMin(Size.mebibytes(MEMORY_MIB))
                                        .allowedInstanceTypes(List.of(settings.instanceType()))
                                        .build())
                        .build();
        cluster.addManagedInstancesCapacityProvider(provider);
    }

    String name() {
        return provider.getCapacityProviderName();
    }
}
