package comfyserverless.infrastructure.doctor;

/// One sentence about an account.
public record Finding(Kind kind, String sentence) {
    /// How bad it is.
    public enum Kind {
        FINE,
        /// It works, but less well than one may expect.
        WARNING,
        /// A deployment would not do what it is for.
        TROUBLE
    }

    static Finding fine(String sentence) {
        return new Finding(Kind.FINE, sentence);
    }

    static Finding warning(String sentence) {
        return new Finding(Kind.WARNING, sentence);
    }

    static Finding trouble(String sentence) {
        return new Finding(Kind.TROUBLE, sentence);
    }
}
