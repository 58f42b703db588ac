package comfyserverless.contract.job;

/// What clients asked to be freed (`POST /free`). Every runner that has served the tenant does it once:
/// each remembers how often it was asked when it last looked.
public interface FreeRequests {
    /// What is to be freed.
    ///
    /// @param unloadModels the loaded models
    /// @param freeMemory the outputs kept from earlier prompts
    record Wish(boolean unloadModels, boolean freeMemory) {}

    /// How often each was asked, ever.
    record Asked(long unloadModels, long freeMemory) {
        /// What was asked since an earlier look.
        public Wish since(Asked before) {
            return new Wish(unloadModels > before.unloadModels, freeMemory > before.freeMemory);
        }
    }

    void ask(String tenant, Wish wish);

    Asked asked(String tenant);
}
