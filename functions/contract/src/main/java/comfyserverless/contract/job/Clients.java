package comfyserverless.contract.job;

import comfyserverless.contract.table.Digests;

/// Client ids as parts of sort keys: any text, kept short.
final class Clients {
    private Clients() {}

    static String sortKey(String clientId, long seq) {
        return prefix(clientId) + QueueOrder.count(seq);
    }

    static String prefix(String clientId) {
        return Digests.shortened(clientId) + "#";
    }
}
