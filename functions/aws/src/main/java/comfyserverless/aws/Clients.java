package comfyserverless.aws;

import java.net.URI;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The SDK's clients, all on one connection client: the JDK's, which starts fastest in a function.
final class Clients implements AutoCloseable {
    private static final String FIRST_REGION = "us-east-1";

    private final AwsSettings settings;
    private final List<ExecutionInterceptor> interceptors;
    private final AwsCredentialsProvider credentials;
    private final SdkHttpClient http;

    /// @param interceptors seen by every call; tests count and disturb with them
    /// @param way given the connection client, returns what carries the calls
    Clients(
            AwsSettings settings,
            List<ExecutionInterceptor> interceptors,
            UnaryOperator<SdkHttpClient> way) {
        this.settings = settings;
        this.interceptors = List.copyOf(interceptors);
        AwsSettings.Access access = settings.access();
        this.credentials =
                access == null
                        ? DefaultCredentialsProvider.builder().build()
                        : StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(access.id(), access.secret()));
        this.http =
                way.apply(
                        UrlConnectionHttpClient.builder()
                                .connectionTimeout(AwsSettings.CONNECT)
                                .socketTimeout(AwsSettings.ANSWER)
                                .build());
    }

    DynamoDbClient dynamo() {
        var builder = DynamoDbClient.builder().httpClient(http);
        return at(builder, settings.endpoints().dynamo()).build();
    }

    SqsClient sqs() {
        return at(SqsClient.builder().httpClient(http), settings.endpoints().sqs()).build();
    }

    S3Client s3() {
        URI endpoint = settings.endpoints().s3();
        var builder = S3Client.builder().httpClient(http).forcePathStyle(endpoint != null);
        if (endpoint != null) {
            builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        }
        return at(builder, endpoint).build();
    }

    S3Presigner presigner() {
        URI endpoint = settings.endpoints().s3();
        S3Presigner.Builder builder =
                S3Presigner.builder()
                        .region(Region.of(settings.region()))
                        .credentialsProvider(credentials)
                        .serviceConfiguration(
                                S3Configuration.builder()
                                        .pathStyleAccessEnabled(endpoint != null)
                                        .build());
        URI signed = endpoint == null ? ownEndpoint(settings.region()) : endpoint;
        return signed == null ? builder.build() : builder.endpointOverride(signed).build();
    }

    /// The first region's buckets have two names, and the SDK signs for the one without the region. CloudFront
    /// calls them, as all others, by the one with it.
    private static @Nullable URI ownEndpoint(String region) {
        return region.equals(FIRST_REGION)
                ? URI.create("https://s3." + FIRST_REGION + ".amazonaws.com")
                : null;
    }

    ApiGatewayManagementApiClient management(URI endpoint) {
        return at(ApiGatewayManagementApiClient.builder().httpClient(http), endpoint).build();
    }

    LambdaClient lambda() {
        return at(LambdaClient.builder().httpClient(http), null).build();
    }

    EcsClient ecs() {
        return at(EcsClient.builder().httpClient(http), null).build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B at(B builder, @Nullable URI endpoint) {
        builder.region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .overrideConfiguration(
                        override -> interceptors.forEach(override::addExecutionInterceptor));
        return endpoint == null ? builder : builder.endpointOverride(endpoint);
    }

    @Override
    public void close() {
        http.close();
    }
}
