package comfyserverless.infrastructure;

import java.util.List;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.aws_apigatewayv2_integrations.WebSocketLambdaIntegration;
import software.amazon.awscdk.services.apigatewayv2.WebSocketApi;
import software.amazon.awscdk.services.apigatewayv2.WebSocketRouteOptions;
import software.amazon.awscdk.services.apigatewayv2.WebSocketStage;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.lambda.IFunction;
import software.constructs.Construct;

/// The WebSocket API: `$connect`, `$default` and `$disconnect` go to one function. Its stage is called
/// `ws`, so that CloudFront's `/ws` is already its address.
final class SocketGateway extends Construct {
    static final String STAGE = "ws";

    private final WebSocketApi api;
    private final WebSocketStage stage;

    SocketGateway(Construct scope, boolean logs) {
        super(scope, "Socket");
        this.api = WebSocketApi.Builder.create(this, "Api").build();
        WebSocketStage.Builder builder =
                WebSocketStage.Builder.create(this, "Stage")
                        .webSocketApi(api)
                        .stageName(STAGE)
                        .autoDeploy(true);
        if (logs) {
            builder.accessLogSettings(
                    AccessLog.of(this, "requestId", "requestTime", "routeKey", "status"));
        }
        this.stage = builder.build();
    }

    void route(IFunction function) {
        for (String key : List.of("$connect", "$default", "$disconnect")) {
            api.addRoute(
                    key,
                    WebSocketRouteOptions.builder()
                            .integration(
                                    new WebSocketLambdaIntegration(
                                            "SocketEntry" + key.substring(1), function))
                            .build());
        }
    }

    WebSocketStage stage() {
        return stage;
    }

    String apiId() {
        return api.getApiId();
    }

    /// The host name that CloudFront calls.
    String domain() {
        Stack stack = Stack.of(this);
        return api.getApiId() + ".execute-api." + stack.getRegion() + "." + stack.getUrlSuffix();
    }

    /// Posting to connections, and closing them.
    PolicyStatement postsAndCloses() {
        return Permissions.connections(Stack.of(this), api.getApiId(), STAGE, "POST", "DELETE");
    }

    /// Posting to connections.
    PolicyStatement posts() {
        return Permissions.connections(Stack.of(this), api.getApiId(), STAGE, "POST");
    }
}
