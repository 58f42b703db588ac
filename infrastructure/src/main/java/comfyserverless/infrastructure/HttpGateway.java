package comfyserverless.infrastructure;

import software.amazon.awscdk.Stack;
import software.amazon.awscdk.aws_apigatewayv2_integrations.HttpLambdaIntegration;
import software.amazon.awscdk.services.apigatewayv2.HttpApi;
import software.amazon.awscdk.services.apigatewayv2.HttpStage;
import software.amazon.awscdk.services.apigatewayv2.ThrottleSettings;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.lambda.IFunction;
import software.constructs.Construct;

/// The HTTP API: one `$default` integration, so that a new route needs no new template.
final class HttpGateway extends Construct {
    private static final int REQUESTS_PER_SECOND = 1000;
    private static final int BURST = 2000;

    private final HttpApi api;

    HttpGateway(Construct scope, IFunction function) {
        super(scope, "Http");
        this.api =
                HttpApi.Builder.create(this, "Api")
                        .createDefaultStage(false)
                        .defaultIntegration(new HttpLambdaIntegration("HttpEntry", function))
                        .build();
        HttpStage.Builder.create(this, "Stage")
                .httpApi(api)
                .stageName("$default")
                .autoDeploy(true)
                .throttle(
                        ThrottleSettings.builder()
                                .rateLimit(REQUESTS_PER_SECOND)
                                .burstLimit(BURST)
                                .build())
                .accessLogSettings(
                        AccessLog.of(
                                this,
                                "requestId",
                                "requestTime",
                                "httpMethod",
                                "path",
                                "status",
                                "responseLength",
                                "integrationLatency",
                                "integrationErrorMessage"))
                .build();
    }

    String apiId() {
        return api.getApiId();
    }

    /// The host name that CloudFront calls.
    String domain() {
        Stack stack = Stack.of(this);
        return api.getApiId() + ".execute-api." + stack.getRegion() + "." + stack.getUrlSuffix();
    }

    /// Answers of 500 and more: the functions answer for what went wrong inside them, which is no error of a
    /// function to the platform.
    Metric failures() {
        return api.metricServerError();
    }
}
