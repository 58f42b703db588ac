package comfyserverless.nodeharness;

import comfyserverless.contract.prompt.Validation;

/// Inputs that the server would answer with a 400.
public final class RefusedInputs extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient Validation.Invalid found;

    RefusedInputs(Validation.Invalid found) {
        super(found.error().message() + ": " + found.error().details());
        this.found = found;
    }

    /// The answer's body as clients see it: `{"error": …, "node_errors": …}`.
    public String body() {
        return found.json().toString();
    }
}
