package comfyserverless.contract.prompt;

/// A validator that broke rather than refused.
public final class ValidatorFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String pythonType;

    /// A failure in Python's words.
    ///
    /// @param pythonType the exception type that clients see (`KeyError`)
    public ValidatorFailure(String pythonType, String message) {
        super(message);
        this.pythonType = pythonType;
    }

    public String pythonType() {
        return pythonType;
    }
}
