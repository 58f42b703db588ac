package comfyserverless.infrastructure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.CfnParameter;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.aws_apigatewayv2_integrations.HttpLambdaIntegration;
import software.amazon.awscdk.aws_apigatewayv2_integrations.WebSocketLambdaIntegration;
import software.amazon.awscdk.services.apigatewayv2.HttpApi;
import software.amazon.awscdk.services.apigatewayv2.WebSocketApi;
import software.amazon.awscdk.services.apigatewayv2.WebSocketRouteOptions;
import software.amazon.awscdk.services.apigatewayv2.WebSocketStage;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.CfnParametersCodeProps;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.StartingPosition;
import software.amazon.awscdk.services.lambda.eventsources.DynamoEventSource;
import software.amazon.awscdk.services.lambda.eventsources.SqsEventSource;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;

/// The two APIs and the functions behind them: one `$default` integration each, so a new route
/// needs no new template.
final class ApiStack extends Stack {
    static final String STAGE = "ws";
    private static final String HANDLERS = "comfyserverless.handlers.";

    private final StateStack state;
    private final Code code;
    private final WebSocketStage socketStage;

    ApiStack(App app, DeploySettings settings, StateStack state) {
        super(app, settings.prefix() + "-api");
        this.state = state;
        this.code = uploadedJar();

        WebSocketApi socketApi = WebSocketApi.Builder.create(this, "SocketApi").build();
        this.socketStage =
                WebSocketStage.Builder.create(this, "SocketStage")
                        .webSocketApi(socketApi)
                        .stageName(STAGE)
                        .autoDeploy(true)
                        .build();

        Function http = function("Http", "HttpEntry", 29);
        Function socket = function("Socket", "SocketEntry", 29);
        route(socketApi, "$connect", socket);
        route(socketApi, "$disconnect", socket);
        route(socketApi, "$default", socket);
        HttpApi httpApi =
                HttpApi.Builder.create(this, "HttpApi")
                        .defaultIntegration(new HttpLambdaIntegration("HttpEntry", http))
                        .build();

        Function status = function("Status", "StatusEntry", 60);
        status.addEventSource(
                DynamoEventSource.Builder.create(state.table())
                        .startingPosition(StartingPosition.LATEST)
                        .bisectBatchOnError(true)
                        .reportBatchItemFailures(true)
                        .retryAttempts(5)
                        .build());

        Function reconcile = function("Reconcile", "ReconcileEntry", 60);
        Rule.Builder.create(this, "EachMinute")
                .schedule(Schedule.rate(Duration.minutes(1)))
                .targets(List.of(new LambdaFunction(reconcile)))
                .build();
        reconcile.addEventSource(SqsEventSource.Builder.create(state.deadTickets()).build());

        CfnOutput.Builder.create(this, "HttpUrl").value(httpApi.getApiEndpoint()).build();
        CfnOutput.Builder.create(this, "SocketUrl").value(socketStage.getUrl()).build();
    }

    /// Where runners post to connections.
    WebSocketStage socketStage() {
        return socketStage;
    }

    private Code uploadedJar() {
        CfnParameter bucket =
                CfnParameter.Builder.create(this, "FunctionsBucket")
                        .type("String")
                        .description("The bucket that holds the functions' jar")
                        .build();
        CfnParameter key =
                CfnParameter.Builder.create(this, "FunctionsKey")
                        .type("String")
                        .description("The key of the functions' jar in that bucket")
                        .build();
        return Code.fromCfnParameters(
                CfnParametersCodeProps.builder()
                        .bucketNameParam(bucket)
                        .objectKeyParam(key)
                        .build());
    }

    private Function function(String id, String entry, int timeoutSeconds) {
        Map<String, String> environment = new HashMap<>(state.names());
        environment.put("COMFY_CONNECTIONS_ENDPOINT", socketStage.getCallbackUrl());
        LogGroup log =
                LogGroup.Builder.create(this, id + "Log")
                        .retention(RetentionDays.ONE_MONTH)
                        .build();
        Function function =
                Function.Builder.create(this, id)
                        .runtime(Runtime.JAVA_25)
                        .architecture(Architecture.ARM_64)
                        .handler(HANDLERS + entry + "::handleRequest")
                        .code(code)
                        .memorySize(1024)
                        .timeout(Duration.seconds(timeoutSeconds))
                        .environment(environment)
                        .logGroup(log)
                        .build();
        state.table().grantReadWriteData(function);
        state.files().grantReadWrite(function);
        state.models().grantRead(function);
        state.tickets().grantSendMessages(function);
        socketStage.grantManagementApiAccess(function);
        return function;
    }

    private static void route(WebSocketApi api, String key, Function function) {
        api.addRoute(
                key,
                WebSocketRouteOptions.builder()
                        .integration(
                                new WebSocketLambdaIntegration(
                                        "SocketEntry" + key.substring(1), function))
                        .build());
    }
}
