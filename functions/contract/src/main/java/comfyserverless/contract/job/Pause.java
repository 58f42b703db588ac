package comfyserverless.contract.job;

/// The short, random wait after a lost race, longer with each round.
public interface Pause {
    void after(int round);
}
