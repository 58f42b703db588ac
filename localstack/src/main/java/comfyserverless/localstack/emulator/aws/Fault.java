package comfyserverless.localstack.emulator.aws;

import java.time.Duration;

/// What goes wrong with one call when faults are injected.
public sealed interface Fault {

    /// The call is carried out and answered.
    record None() implements Fault {}

    /// Refused before anything happened.
    record Refused(int status, String type, String message) implements Fault {}

    /// Carried out, but the connection breaks before the answer.
    record LostAnswer() implements Fault {}

    /// Carried out and answered after this time.
    record Delayed(Duration by) implements Fault {}
}
