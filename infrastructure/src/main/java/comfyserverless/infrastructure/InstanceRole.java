package comfyserverless.infrastructure;

import java.util.List;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/// What ECS's agent on an instance may do: join this one cluster and report to it. Images and logs are the
/// task execution role's.
final class InstanceRole extends Construct {
    private final IRole role;

    InstanceRole(Construct scope, Names names, Cluster cluster) {
        super(scope, "InstanceRole");
        Role made =
                Role.Builder.create(this, "Role")
                        .assumedBy(new ServicePrincipal("ec2.amazonaws.com"))
                        .build();
        made.addToPolicy(
                Permissions.of(
                        cluster.getClusterArn(),
                        "ecs:RegisterContainerInstance",
                        "ecs:DeregisterContainerInstance",
                        "ecs:SubmitAttachmentStateChanges",
                        "ecs:SubmitContainerStateChange",
                        "ecs:SubmitTaskStateChange"));
        made.addToPolicy(
                Permissions.of(
                        Stack.of(this)
                                .formatArn(
                                        ArnComponents.builder()
                                                .service("ecs")
                                                .resource("container-instance")
                                                .resourceName(names.cluster() + "/*")
                                                .build()),
                        "ecs:Poll",
                        "ecs:StartTelemetrySession",
                        "ecs:UpdateContainerInstancesState"));
        made.addToPolicy(
                PolicyStatement.Builder.create()
                        .actions(List.of("ecs:DiscoverPollEndpoint"))
                        .resources(List.of("*"))
                        .build());
        this.role = made.withoutPolicyUpdates();
    }

    IRole role() {
        return role;
    }
}
