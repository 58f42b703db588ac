package comfyserverless.admin.target;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options that say which deployment is meant. Without any it is `comfy` of the account and region that AWS's own
/// settings name.
public final class TargetOptions {
    @Option(
            names = "--local",
            scope = ScopeType.INHERIT,
            description = "the local stack that runs on this machine")
    boolean local;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "its data folder, if it was started with --data; implies --local")
    @Nullable Path data;

    @Option(
            names = "--deployment",
            paramLabel = "PREFIX",
            scope = ScopeType.INHERIT,
            description =
                    "the prefix that was deployed with (comfy): its names are read from the outputs of the stack"
                            + " PREFIX-state")
    @Nullable String deployment;

    @Option(
            names = "--region",
            scope = ScopeType.INHERIT,
            description = "AWS's region, if not the one of AWS_REGION or the profile")
    @Nullable String region;

    @Option(
            names = "--profile",
            scope = ScopeType.INHERIT,
            description = "a profile of AWS's configuration files")
    @Nullable String profile;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "LocalStack, or what else answers for AWS's services")
    @Nullable URI endpoint;

    @Option(
            names = "--table",
            scope = ScopeType.INHERIT,
            description = "the table's name, instead of a deployment's; or COMFY_TABLE")
    @Nullable String table;

    @Option(
            names = "--files-bucket",
            paramLabel = "BUCKET",
            scope = ScopeType.INHERIT,
            description = "the bucket of files, with --table; or COMFY_FILES_BUCKET")
    @Nullable String filesBucket;

    @Option(
            names = {"--models-bucket", "--bucket"},
            paramLabel = "BUCKET",
            scope = ScopeType.INHERIT,
            description = "the bucket of models, with --table; or COMFY_MODELS_BUCKET")
    @Nullable String modelsBucket;

    @Option(
            names = "--webhook-queue",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description =
                    "the queue of calls to webhooks, with --table, for webhooks replay; or COMFY_WEBHOOK_QUEUE_URL")
    @Nullable String webhookQueue;

    @Option(
            names = "--webhook-dead-queue",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description =
                    "the queue of calls that were given up, with --webhook-queue; or COMFY_WEBHOOK_DEAD_QUEUE_URL")
    @Nullable String webhookDeadQueue;
}
