package comfyserverless.handlers;

/// The context of a function that Lambda traces.
final class TracedContext extends NoContext {
    private final String header;

    TracedContext(String header) {
        this.header = header;
    }

    @Override
    public String getXrayTraceId() {
        return header;
    }
}
