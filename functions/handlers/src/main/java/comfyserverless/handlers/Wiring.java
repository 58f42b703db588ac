package comfyserverless.handlers;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.aws.function.AsyncFunction;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.pack.PackSources;
import comfyserverless.contract.pack.PackValidators;
import comfyserverless.contract.pack.Packs;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.handlers.extension.Extensions;
import comfyserverless.handlers.objectinfo.PublishedNodes;
import comfyserverless.handlers.pages.MountedWebFiles;
import comfyserverless.handlers.pages.PackWebFiles;
import comfyserverless.handlers.pages.WebFiles;
import comfyserverless.handlers.socket.Greetings;
import comfyserverless.handlers.wake.RateLimitedWake;
import comfyserverless.handlers.wake.Wake;
import comfyserverless.handlers.webhook.WebhookPorts;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The handlers' ports on AWS, made of a function's environment.
final class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
    private static final Path SCRATCH = Path.of("/tmp/models");

    private Wiring() {}

    static HandlerPorts fromEnvironment() {
        return on(System.getenv());
    }

    static HandlerPorts on(Map<String, String> environment) {
        Clock clock = Clock.systemUTC();
        Packs packs = packs();
        Aws aws = Aws.traced(AwsSettings.of(environment), JobSettings.standard(), environment);
        PublishedNodes published =
                new PublishedNodes(aws.catalogues(), new PackValidators(packs.packs()), clock);
        return new HandlerPorts(
                        aws.ports()
                                .withLimits(
                                        Limits.parse(environment.getOrDefault("COMFY_LIMITS", ""))),
                        new HandlerPorts.Content(
                                aws.models(SCRATCH),
                                published,
                                // CloudFront serves the page itself from the bucket
                                WebFiles.both(
                                        new MountedWebFiles(PackWebFiles.mounts(packs.all())),
                                        published.packFiles())),
                        new HandlerPorts.Messages(
                                aws.post(),
                                greetings(
                                        aws.function(
                                                environment.getOrDefault(
                                                        "COMFY_GREETER", "socket")))),
                        new HandlerPorts.Chance(clock, () -> UUID.randomUUID().toString()),
                        HandlerSettings.of(environment))
                .withExtensions(Extensions.onClassPath())
                .withWebhooks(
                        WebhookPorts.of(
                                aws.webhooks(), aws.deadWebhooks(), webhookAddresses(environment)));
    }

    /// Hosts of the internet; on an emulator, if it was deployed so, the emulator's own machine too.
    static WebhookAddresses webhookAddresses(Map<String, String> environment) {
        return new WebhookAddresses(
                environment.containsKey("AWS_ENDPOINT_URL")
                        && Boolean.parseBoolean(environment.get("COMFY_WEBHOOK_LOOPBACK")));
    }

    /// Packs are built into the functions or lie in a layer: on the class path either way.
    private static Packs packs() {
        Packs packs = Packs.load(PackSources.CLASS_PATH, Set.of(), Packs.FOR_FUNCTIONS);
        packs.refused().forEach(LOG::warn);
        return packs;
    }

    /// How the stream's function starts runners, if the environment names them.
    static Wake wake(Map<String, String> environment) {
        String cluster = environment.get("COMFY_RUNNER_CLUSTER");
        String service = environment.get("COMFY_RUNNER_SERVICE");
        if (cluster == null || service == null) {
            return Wake.NONE;
        }
        JobSettings jobs = JobSettings.standard();
        Aws aws = Aws.traced(AwsSettings.of(environment), jobs, environment);
        return new RateLimitedWake(
                aws.stores().table(),
                jobs.pool(),
                aws.runners(cluster, service),
                Clock.systemUTC(),
                () -> UUID.randomUUID().toString());
    }

    /// The socket function calls itself, by its alias: nothing can be sent before its `$connect` has returned.
    private static Greetings greetings(AsyncFunction self) {
        return connectionId ->
                self.call(Json.write(Json.object().put(SocketEntry.GREET, connectionId)));
    }
}
