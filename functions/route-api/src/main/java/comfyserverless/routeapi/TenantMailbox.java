package comfyserverless.routeapi;

import comfyserverless.contract.mailbox.Letter;

/// Where messages to running nodes are posted; a node reads them by `context.mailbox()`.
public interface TenantMailbox {
    /// Posts a letter and tells how many running prompts may read it. See [Letter] for whom it can be
    /// for.
    ///
    /// @throws comfyserverless.contract.mailbox.LetterTooLarge beyond 256 KiB
    int send(Letter letter);
}
