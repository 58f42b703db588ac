package comfyserverless.infrastructure;

import comfyserverless.contract.model.TableModelIndex;
import comfyserverless.contract.state.TableAccess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.lambda.Code;
import software.constructs.Construct;

/// The five functions, each with what it may do and no more.
final class Functions extends Construct {
    private final Names names;
    private final StateStack state;
    private final SocketGateway sockets;
    private final Code code;
    private final DeploySettings settings;
    private final Map<String, EntryFunction> made = new HashMap<>();

    Functions(Stack stack, DeploySettings settings, StateStack state, SocketGateway sockets) {
        super(stack, "Functions");
        this.settings = settings;
        this.names = new Names(settings.prefix());
        this.state = state;
        this.sockets = sockets;
        this.code = FunctionCode.of(stack, settings.functions());
        make("http", "HttpEntry", Duration.seconds(29), mayHttp());
        make("socket", "SocketEntry", Duration.seconds(29), maySocket());
        make("status", "StatusEntry", Duration.seconds(60), mayStatus());
        make("reconcile", "ReconcileEntry", Duration.seconds(60), mayReconcile());
        make("webhook", "WebhookEntry", Duration.seconds(60), mayWebhook());
    }

    EntryFunction named(String name) {
        EntryFunction function = made.get(name);
        if (function == null) {
            throw new IllegalArgumentException("no function is called " + name);
        }
        return function;
    }

    EntryFunction http() {
        return named("http");
    }

    EntryFunction socket() {
        return named("socket");
    }

    EntryFunction status() {
        return named("status");
    }

    EntryFunction reconcile() {
        return named("reconcile");
    }

    EntryFunction webhook() {
        return named("webhook");
    }

    List<EntryFunction> all() {
        return List.copyOf(made.values());
    }

    private void make(String name, String entry, Duration timeout, List<PolicyStatement> may) {
        Map<String, String> environment = new HashMap<>(settings.more().functions());
        environment.putAll(state.names());
        environment.putAll(state.webhookNames());
        environment.put("COMFY_CONNECTIONS_ENDPOINT", sockets.stage().getCallbackUrl());
        environment.put("COMFY_ORIGIN_SECRETS", state.originSecrets().accepted());
        environment.put("COMFY_DEPLOYMENT", settings.prefix());
        environment.put("COMFY_GREETER", names.function("socket") + ":" + EntryFunction.ALIAS);
        environment.putAll(settings.auth().environment());
        environment.put("COMFY_RUNNER_CLUSTER", names.cluster());
        environment.put("COMFY_RUNNER_SERVICE", names.service());
        EntryFunction.Spec spec =
                new EntryFunction.Spec(names.function(name), entry, timeout, code, environment);
        made.put(name, new EntryFunction(this, capitalised(name), spec, may));
    }

    private static String capitalised(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private List<PolicyStatement> mayHttp() {
        return List.of(
                table(TableAccess.HTTP),
                Permissions.readAndWriteObjects(state.files()),
                Permissions.listObjects(state.files()),
                Permissions.readObjects(state.models()),
                Permissions.listObjects(state.models()),
                Permissions.sendTo(state.tickets()),
                Permissions.sendTo(state.webhooks()),
                sockets.posts());
    }

    private List<PolicyStatement> maySocket() {
        return List.of(
                table(TableAccess.SOCKET),
                Permissions.readObjects(state.files()),
                Permissions.listObjects(state.files()),
                sockets.posts(),
                greetsItself());
    }

    private List<PolicyStatement> mayStatus() {
        List<PolicyStatement> may = new ArrayList<>();
        may.add(table(TableAccess.STATUS));
        may.add(Permissions.sendTo(state.webhooks()));
        may.add(sockets.posts());
        may.add(
                Permissions.of(
                        Stack.of(this)
                                .formatArn(
                                        ArnComponents.builder()
                                                .service("ecs")
                                                .resource("service")
                                                .resourceName(
                                                        names.cluster() + "/" + names.service())
                                                .build()),
                        "ecs:DescribeServices",
                        "ecs:UpdateService"));
        return may;
    }

    private List<PolicyStatement> mayReconcile() {
        return List.of(
                table(TableAccess.RECONCILE),
                Permissions.readAndWriteObjects(state.files()),
                Permissions.listObjects(state.files()),
                Permissions.listObjects(state.models()),
                Permissions.readAndWriteObjects(state.models(), TableModelIndex.LISTS),
                Permissions.sendTo(state.tickets()),
                Permissions.sendTo(state.webhooks()),
                sockets.postsAndCloses());
    }

    /// It reads what a job brought and makes links to it; what it takes from its queue comes with that queue.
    private List<PolicyStatement> mayWebhook() {
        return List.of(
                table(TableAccess.WEBHOOK),
                Permissions.readObjects(state.files()),
                Permissions.listObjects(state.files()),
                Permissions.sendTo(state.deadWebhooks()));
    }

    private PolicyStatement table(TableAccess access) {
        return Permissions.table(state.table(), state.indexNames(), access);
    }

    private PolicyStatement greetsItself() {
        String function =
                Stack.of(this)
                        .formatArn(
                                ArnComponents.builder()
                                        .service("lambda")
                                        .resource("function")
                                        .resourceName(
                                                names.function("socket")
                                                        + ":"
                                                        + EntryFunction.ALIAS)
                                        .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                                        .build());
        return Permissions.of(function, "lambda:InvokeFunction");
    }
}
