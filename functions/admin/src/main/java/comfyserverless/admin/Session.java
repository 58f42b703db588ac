package comfyserverless.admin;

import comfyserverless.admin.report.Report;
import comfyserverless.admin.target.Deployment;
import java.time.InstantSource;
import java.util.Map;

/// What a command works with once its line has been read.
interface Session {
    /// The deployment that the options name; the caller closes it.
    Deployment open();

    Report report();

    InstantSource clock();

    /// The process's variables.
    Map<String, String> environment();
}
