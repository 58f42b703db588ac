package comfyserverless.contract.prompt;

/// A body of POST /prompt that cannot even be read as one: answered by a 400 in ComfyUI's shape.
public final class RefusedPrompt extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient PromptError error;

    RefusedPrompt(PromptError error) {
        super(error.message() + ": " + error.details());
        this.error = error;
    }

    public Validation.Invalid answer() {
        return new Validation.Invalid(error, NodeErrors.NONE);
    }
}
