package comfyserverless.infrastructure.doctor;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceTypeOffering;
import software.amazon.awssdk.services.ec2.model.LocationType;
import software.amazon.awssdk.services.servicequotas.ServiceQuotasClient;
import software.amazon.awssdk.services.servicequotas.model.NoSuchResourceException;
import software.amazon.awssdk.services.sts.StsClient;

/// [Account] as AWS answers, with the credentials of the environment; asks only, changes nothing.
final class AwsAccount implements Account {
    private static final String BOOTSTRAP = "CDKToolkit";

    private final String region;
    private final StsClient sts;
    private final ServiceQuotasClient quotas;
    private final Ec2Client ec2;
    private final CloudFormationClient stacks;

    /// @param endpoint another address for all services; null: AWS's own
    AwsAccount(String region, @Nullable URI endpoint) {
        this.region = region;
        this.sts =
                at(StsClient.builder().httpClient(UrlConnectionHttpClient.create()), endpoint)
                        .build();
        this.quotas =
                at(
                                ServiceQuotasClient.builder()
                                        .httpClient(UrlConnectionHttpClient.create()),
                                endpoint)
                        .build();
        this.stacks =
                at(
                                CloudFormationClient.builder()
                                        .httpClient(UrlConnectionHttpClient.create()),
                                endpoint)
                        .build();
        this.ec2 =
                at(Ec2Client.builder().httpClient(UrlConnectionHttpClient.create()), endpoint)
                        .build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B at(B builder, @Nullable URI endpoint) {
        builder.region(Region.of(region));
        return endpoint == null ? builder : builder.endpointOverride(endpoint);
    }

    @Override
    public String caller() {
        return sts.getCallerIdentity().arn();
    }

    @Override
    public String region() {
        return region;
    }

    @Override
    public OptionalDouble quota(String service, String code) {
        try {
            return OptionalDouble.of(
                    quotas.getServiceQuota(get -> get.serviceCode(service).quotaCode(code))
                            .quota()
                            .value());
        } catch (NoSuchResourceException e) {
            // the region does not know this quota
            return OptionalDouble.empty();
        }
    }

    @Override
    public Optional<Integer> cores(String instanceType) {
        try {
            return ec2
                    .describeInstanceTypes(
                            describe -> describe.instanceTypesWithStrings(instanceType))
                    .instanceTypes()
                    .stream()
                    .map(type -> type.vCpuInfo().defaultVCpus())
                    .findFirst();
        } catch (Ec2Exception e) {
            if ("InvalidInstanceType".equals(e.awsErrorDetails().errorCode())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<String> zones(String instanceType) {
        Filter type = Filter.builder().name("instance-type").values(instanceType).build();
        return ec2
                .describeInstanceTypeOfferings(describe ->
                        describe.locationType(LocationType.AVAILABILITY_ZONE).filters(type))
                .instanceTypeOfferings()
                .stream()
                .map(InstanceTypeOffering::location)
                .sorted()
                .toList();
    }

    @Override
    public boolean isBootstrapped() {
        try {
            return !stacks.describeStacks(ask -> ask.stackName(BOOTSTRAP)).stacks().isEmpty();
        } catch (CloudFormationException e) {
            // how the service says that there is no such stack
            if ("ValidationError".equals(e.awsErrorDetails().errorCode())) {
                return false;
            }
            throw e;
        }
    }
}
