package comfyserverless.contract.job;

/// What clients asked to be freed (`POST /free`), until a runner has done it.
public interface FreeRequests {
    /// What is to be freed.
    ///
    /// @param unloadModels the loaded models
    /// @param freeMemory the outputs kept from earlier prompts
    record Wish(boolean unloadModels, boolean freeMemory) {
        public static final Wish NOTHING = new Wish(false, false);

        public Wish and(Wish other) {
            return new Wish(unloadModels || other.unloadModels, freeMemory || other.freeMemory);
        }
    }

    /// Adds to what is to be freed before the tenant's next prompt runs.
    void ask(String tenant, Wish wish);

    /// Takes what was asked since the last call; nothing is left of it.
    Wish take(String tenant);
}
