package comfyserverless.infrastructure;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.constructs.Construct;

/// Public subnets that let nothing in, so that reaching the APIs costs no NAT gateway; tables and
/// buckets are reached inside AWS. An endpoint for execute-api would make `@connections` answer 403.
final class RunnerNetwork extends Construct {
    private final Vpc vpc;
    private final SecurityGroup closed;

    RunnerNetwork(Construct scope) {
        super(scope, "Network");
        this.vpc =
                Vpc.Builder.create(this, "Vpc")
                        .maxAzs(2)
                        .natGateways(0)
                        .restrictDefaultSecurityGroup(false)
                        .subnetConfiguration(
                                List.of(
                                        SubnetConfiguration.builder()
                                                .name("runners")
                                                .subnetType(SubnetType.PUBLIC)
                                                .build()))
                        .gatewayEndpoints(
                                Map.of(
                                        "S3",
                                        endpoint(GatewayVpcEndpointAwsService.S3),
                                        "DynamoDb",
                                        endpoint(GatewayVpcEndpointAwsService.DYNAMODB)))
                        .build();
        this.closed =
                SecurityGroup.Builder.create(this, "NothingIn")
                        .vpc(vpc)
                        .allowAllOutbound(true)
                        .build();
    }

    private static GatewayVpcEndpointOptions endpoint(GatewayVpcEndpointAwsService service) {
        return GatewayVpcEndpointOptions.builder().service(service).build();
    }

    Vpc vpc() {
        return vpc;
    }

    SecurityGroup closed() {
        return closed;
    }
}
