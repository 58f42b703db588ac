package comfyserverless.admin;

import comfyserverless.admin.report.Report;
import comfyserverless.admin.target.Deployment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// What a command works with once its line has been read.
interface Session {
    /// The deployment that the options name; the caller closes it.
    Deployment open();

    Report report();

    InstantSource clock();

    /// Lets time pass.
    void pause(Duration time);

    /// What whoever sits at the terminal answers; empty if nobody does.
    Optional<String> ask(String question);

    /// The process's variables.
    Map<String, String> environment();
}
