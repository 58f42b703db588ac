package comfyserverless.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.IntSupplier;

/// The Lambda that the clock calls each minute: expires lost leases, sweeps marks, repairs tickets.
public final class ReconcileEntry implements RequestStreamHandler {
    private final IntSupplier reconcile;

    /// As Lambda starts it: wired from the environment.
    public ReconcileEntry() {
        this(Wiring.reconcile());
    }

    /// Called by the clock.
    ///
    /// @param reconcile does it, and says how many jobs it put back into the queue
    public ReconcileEntry(IntSupplier reconcile) {
        this.reconcile = reconcile;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        in.readAllBytes();
        out.write(Json.writeBytes(Json.object().put("requeued", reconcile.getAsInt())));
    }
}
