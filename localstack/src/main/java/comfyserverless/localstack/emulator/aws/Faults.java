package comfyserverless.localstack.emulator.aws;

/// Decides for each call to an embedded service whether something goes wrong with it.
@FunctionalInterface
public interface Faults {
    Faults NONE = _ -> new Fault.None();

    Fault next(String operation);
}
