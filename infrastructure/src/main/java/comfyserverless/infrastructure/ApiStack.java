package comfyserverless.infrastructure;

import comfyserverless.contract.state.StreamFilter;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.RuleTargetInput;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.lambda.EventInvokeConfig;
import software.amazon.awscdk.services.lambda.StartingPosition;
import software.amazon.awscdk.services.lambda.eventsources.DynamoEventSource;
import software.amazon.awscdk.services.lambda.eventsources.SqsDlq;
import software.amazon.awscdk.services.lambda.eventsources.SqsEventSource;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;

/// The two APIs, the functions behind them, and what calls the other functions: the table's stream, the
/// clock, the queue of tickets that nobody could use, the queue of calls to webhooks.
final class ApiStack extends Stack {
    private static final int MOST_CHANGES = 100;
    private static final int RETRIES = 5;

    /// Each of them makes up to ten calls at the same time.
    private static final int MOST_CALLERS = 20;

    private final SocketGateway sockets;
    private final HttpGateway http;
    private final Functions functions;
    private final Queue lostChanges;

    ApiStack(App app, DeploySettings settings, StateStack state) {
        super(app, new Names(settings.prefix()).stack("api"));
        this.sockets = new SocketGateway(this, settings.care().socketLogs());
        this.functions = new Functions(this, settings, state, sockets);
        sockets.route(functions.socket().alias());
        this.http = new HttpGateway(this, functions.http().alias());
        this.lostChanges =
                Queue.Builder.create(this, "LostChanges")
                        .encryption(QueueEncryption.SQS_MANAGED)
                        .enforceSsl(true)
                        .retentionPeriod(Duration.days(14))
                        .build();
        greetOnceAtMost();
        followTheTable(state);
        keepTime();
        makeCalls(state);
        functions
                .reconcile()
                .alias()
                .addEventSource(SqsEventSource.Builder.create(state.deadTickets()).build());

        CfnOutput.Builder.create(this, "HttpUrl").value("https://" + http.domain()).build();
        CfnOutput.Builder.create(this, "SocketUrl").value(sockets.stage().getUrl()).build();
    }

    HttpGateway http() {
        return http;
    }

    SocketGateway sockets() {
        return sockets;
    }

    Functions functions() {
        return functions;
    }

    /// Changes of jobs that the stream's function failed for.
    Queue lostChanges() {
        return lostChanges;
    }

    /// A greeting that comes a minute late, or twice, is worse than none: the client's first frame asks
    /// for it as well.
    private void greetOnceAtMost() {
        EventInvokeConfig.Builder.create(this, "Greetings")
                .function(functions.socket().function())
                .qualifier(functions.socket().alias().getAliasName())
                .maxEventAge(Duration.seconds(60))
                .retryAttempts(0)
                .build();
    }

    private void followTheTable(StateStack state) {
        List<Map<String, Object>> filters =
                StreamFilter.JOB_CHANGES.stream()
                        .map(filter -> Map.<String, Object>of("pattern", filter.pattern()))
                        .toList();
        functions
                .status()
                .alias()
                .addEventSource(
                        DynamoEventSource.Builder.create(state.table())
                                .startingPosition(StartingPosition.LATEST)
                                .batchSize(MOST_CHANGES)
                                .filters(filters)
                                .bisectBatchOnError(true)
                                .reportBatchItemFailures(true)
                                .retryAttempts(RETRIES)
                                .maxRecordAge(Duration.minutes(5))
                                .onFailure(new SqsDlq(lostChanges))
                                .build());
    }

    /// A message whose call has to be made again stays, hidden until then.
    private void makeCalls(StateStack state) {
        functions
                .webhook()
                .alias()
                .addEventSource(
                        SqsEventSource.Builder.create(state.webhooks())
                                .batchSize(10)
                                .maxConcurrency(MOST_CALLERS)
                                .reportBatchItemFailures(true)
                                .build());
    }

    /// The clock: repairs each minute; and each day one call of every function, since a snapshot that
    /// nobody uses for 14 days goes inactive.
    private void keepTime() {
        Rule.Builder.create(this, "EachMinute")
                .schedule(Schedule.rate(Duration.minutes(1)))
                .targets(List.of(new LambdaFunction(functions.reconcile().alias())))
                .build();
        Rule eachDay =
                Rule.Builder.create(this, "EachDay")
                        .schedule(Schedule.rate(Duration.days(1)))
                        .build();
        Ping.ALL.forEach((name, event) ->
                eachDay.addTarget(
                        LambdaFunction.Builder.create(functions.named(name).alias())
                                .event(RuleTargetInput.fromObject(event))
                                .build()));
    }
}
