package comfyserverless.admin.target;

import comfyserverless.admin.report.Refusal;
import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelScan;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.tenant.Removal;
import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.Replays;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookSettings;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// A [Deployment] on AWS, or on what answers in its place.
final class AwsDeployment implements Deployment {
    private static final int SECRET_BYTES = 32;

    private final String name;
    private final Aws aws;
    private final SecureRandom random = new SecureRandom();

    AwsDeployment(String name, AwsSettings settings) {
        this.name = name;
        this.aws = Aws.open(settings, JobSettings.standard());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Credentials credentials() {
        return aws.ports().credentials(this::secret);
    }

    @Override
    public Ports ports() {
        return aws.ports();
    }

    @Override
    public Removal removal(Removal.Sleep sleep) {
        Removal.Models own = new Removal.Models(aws.modelStore(), aws.modelIndex());
        return aws.ports().removal(Optional.of(own), sleep);
    }

    private String secret() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }

    private byte[] bytes() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public ModelStore models() {
        return aws.modelStore();
    }

    @Override
    public ModelIndex modelIndex() {
        return aws.modelIndex();
    }

    @Override
    public ModelScan modelScan() {
        return aws.modelScan();
    }

    @Override
    public WebhookSettings webhookSettings() {
        return aws.ports().webhookSettings(this::bytes);
    }

    @Override
    public Deliveries deliveries() {
        return aws.ports().deliveries();
    }

    @Override
    public Replays replays() {
        return new Replays(queue(aws.webhooks()), queue(aws.deadWebhooks()), deliveries());
    }

    private WebhookQueue queue(Optional<WebhookQueue> found) {
        return found.orElseThrow(() ->
                new Refusal(
                        "The queues of webhooks of "
                                + name
                                + " are not known: add --webhook-queue URL and --webhook-dead-queue URL (the"
                                + " outputs WebhooksUrl and DeadWebhooksUrl of the stack PREFIX-state), or name"
                                + " the deployment with --deployment PREFIX instead of its table."));
    }

    @Override
    public WebhookAddresses webhookAddresses() {
        return new WebhookAddresses(false);
    }

    @Override
    public void close() {
        aws.close();
    }
}
