package comfyserverless.admin.target;

import comfyserverless.admin.report.Refusal;
import comfyserverless.aws.AwsSettings;
import comfyserverless.aws.SettingsFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/// Finds the deployment that the options and the environment name.
public final class Targets {
    private static final String PREFIX = "comfy";
    private static final String NO_QUEUE = "none";

    /// The account that emulators put queues in that nobody names.
    private static final String ACCOUNT = "000000000000/";

    private final Map<String, String> environment;
    private final Path standardData;

    /// @param standardData where the local stack keeps its data unless told otherwise
    public Targets(Map<String, String> environment, Path standardData) {
        this.environment = Map.copyOf(environment);
        this.standardData = standardData;
    }

    /// Opens it.
    ///
    /// @throws Refusal if it cannot be found
    public Deployment open(TargetOptions options) {
        if (options.local || options.data != null) {
            return local(options.data == null ? standardData : options.data);
        }
        if (options.profile != null) {
            System.setProperty(ProfileFileSystemSetting.AWS_PROFILE.property(), options.profile);
        }
        String region = region(options);
        URI endpoint = endpoint(options);
        String table = option(options.table, "COMFY_TABLE");
        if (table != null) {
            return named(options, table, region, endpoint);
        }
        if (endpoint != null) {
            return new AwsDeployment(
                    endpoint.toString(), settings(region, endpoint, standard(options, endpoint)));
        }
        String prefix = options.deployment == null ? PREFIX : options.deployment;
        AwsSettings.Names names = StackOutputs.of(prefix, region);
        return new AwsDeployment(
                "the deployment " + prefix + " in " + region, settings(region, null, names));
    }

    private Deployment named(
            TargetOptions options, String table, String region, @Nullable URI endpoint) {
        AwsSettings.Names names =
                new AwsSettings.Names(
                        table,
                        required(
                                option(options.filesBucket, "COMFY_FILES_BUCKET"),
                                "--files-bucket"),
                        required(
                                option(options.modelsBucket, "COMFY_MODELS_BUCKET"),
                                "--models-bucket"),
                        environment.getOrDefault("COMFY_QUEUE_URL", NO_QUEUE),
                        webhooks(options));
        return new AwsDeployment(
                "the table " + table + " in " + region, settings(region, endpoint, names));
    }

    /// What `localstack/run --endpoint` calls them.
    private AwsSettings.Names standard(TargetOptions options, URI endpoint) {
        String address = endpoint.toString();
        String queues = (address.endsWith("/") ? address : address + "/") + ACCOUNT;
        AwsSettings.Webhooks named = webhooks(options);
        return new AwsSettings.Names(
                "comfy-serverless",
                "files",
                "models",
                NO_QUEUE,
                named == null ? AwsSettings.Webhooks.beside(queues) : named);
    }

    /// The queues of webhooks, where they are named: only webhooks replay needs them.
    private AwsSettings.@Nullable Webhooks webhooks(TargetOptions options) {
        String queue = option(options.webhookQueue, "COMFY_WEBHOOK_QUEUE_URL");
        String dead = option(options.webhookDeadQueue, "COMFY_WEBHOOK_DEAD_QUEUE_URL");
        if (queue == null && dead == null) {
            return null;
        }
        if (queue == null || dead == null) {
            throw new Refusal(
                    "One queue of webhooks alone is not enough: give "
                            + (queue == null ? "--webhook-queue" : "--webhook-dead-queue")
                            + " too.");
        }
        return new AwsSettings.Webhooks(queue, dead);
    }

    private static Deployment local(Path data) {
        Path file = data.resolve(SettingsFile.NAME);
        try {
            SettingsFile.Found found =
                    SettingsFile.read(file)
                            .orElseThrow(() ->
                                    new Refusal(
                                            "No local stack runs on the data folder "
                                                    + data
                                                    + ": start localstack/run, or name its folder with --data"
                                                    + " DIR."));
            if (!found.isRunning()) {
                throw new Refusal(
                        "The local stack of "
                                + data
                                + " does not run any more: start it again with localstack/run.");
            }
            return new LocalDeployment(
                    new AwsDeployment("the local stack of " + data, found.settings()), found.own());
        } catch (IOException e) {
            throw new Refusal("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private AwsSettings settings(String region, @Nullable URI endpoint, AwsSettings.Names names) {
        boolean anyone = endpoint != null && !environment.containsKey("AWS_ACCESS_KEY_ID");
        return new AwsSettings(
                region,
                new AwsSettings.Endpoints(endpoint, endpoint, endpoint, null),
                names,
                anyone ? new AwsSettings.Access("test", "test") : null,
                false);
    }

    private String region(TargetOptions options) {
        String named = option(options.region, "AWS_REGION");
        if (named != null) {
            return named;
        }
        if (endpoint(options) != null) {
            return "us-east-1";
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion().id();
        } catch (SdkClientException e) {
            throw new Refusal(
                    "No region is known: give --region (for example eu-west-1), or set AWS_REGION. For a"
                            + " local stack give --local.",
                    e);
        }
    }

    private @Nullable URI endpoint(TargetOptions options) {
        if (options.endpoint != null) {
            return options.endpoint;
        }
        return Optional.ofNullable(environment.get("AWS_ENDPOINT_URL"))
                .map(URI::create)
                .orElse(null);
    }

    private @Nullable String option(@Nullable String given, String variable) {
        return given == null ? environment.get(variable) : given;
    }

    private static String required(@Nullable String value, String option) {
        if (value == null) {
            throw new Refusal("A table alone is no deployment: give " + option + " too.");
        }
        return value;
    }
}
