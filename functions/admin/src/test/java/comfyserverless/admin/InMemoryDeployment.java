package comfyserverless.admin;

import comfyserverless.admin.target.Deployment;
import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.TableCredentials;
import comfyserverless.contract.fake.CountingIds;
import comfyserverless.contract.fake.InMemoryBlobs;
import comfyserverless.contract.fake.InMemoryModelStore;
import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.fake.InMemoryWebhookQueue;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelScan;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.TableModelIndex;
import comfyserverless.contract.table.RecentItems;
import comfyserverless.contract.tenant.Removal;
import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.Replays;
import comfyserverless.contract.webhook.TableDeliveries;
import comfyserverless.contract.webhook.TableWebhookSettings;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.contract.webhook.WebhookSettings;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// A [Deployment] in memory.
final class InMemoryDeployment implements Deployment {
    final ManualClock clock = new ManualClock();
    final InMemoryModelStore store = new InMemoryModelStore(clock);
    final InMemoryWebhookQueue webhooks = new InMemoryWebhookQueue(clock);
    final InMemoryWebhookQueue deadWebhooks = new InMemoryWebhookQueue(clock);
    private final AtomicLong drawn = new AtomicLong();
    final InMemoryPorts memory = new InMemoryPorts(clock);
    private final InMemoryBlobs lists = new InMemoryBlobs();
    private final CountingIds ids = new CountingIds();

    @Override
    public String name() {
        return "memory";
    }

    private InMemoryTable table() {
        return memory.table();
    }

    @Override
    public Credentials credentials() {
        return new TableCredentials(table(), clock, () -> "secret-" + ids.get());
    }

    @Override
    public Ports ports() {
        return memory.ports();
    }

    @Override
    public Removal removal(Removal.Sleep sleep) {
        return ports().removal(Optional.of(new Removal.Models(store, modelIndex())), sleep);
    }

    @Override
    public ModelStore models() {
        return store;
    }

    @Override
    public ModelIndex modelIndex() {
        return new TableModelIndex(table(), lists, new RecentItems(table(), clock), ids);
    }

    @Override
    public ModelScan modelScan() {
        return new ModelScan(table(), store, modelIndex(), clock, ids);
    }

    @Override
    public WebhookSettings webhookSettings() {
        return new TableWebhookSettings(table(), clock, ids, this::bytes);
    }

    private byte[] bytes() {
        return ByteBuffer.allocate(32).putLong(drawn.incrementAndGet()).array();
    }

    @Override
    public Deliveries deliveries() {
        return new TableDeliveries(table(), clock, ids);
    }

    @Override
    public Replays replays() {
        return new Replays(webhooks, deadWebhooks, deliveries());
    }

    @Override
    public WebhookAddresses webhookAddresses() {
        return new WebhookAddresses(false);
    }

    @Override
    public void close() {}
}
