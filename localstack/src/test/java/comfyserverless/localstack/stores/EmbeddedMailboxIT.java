package comfyserverless.localstack.stores;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.mailbox.MailboxContract;

class EmbeddedMailboxIT extends MailboxContract {
    @Override
    protected Ports ports(JobSettings settings) {
        return EmbeddedStores.open(settings, clock).ports();
    }
}
