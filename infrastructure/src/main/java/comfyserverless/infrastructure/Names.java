package comfyserverless.infrastructure;

/// Names that stacks must know of each other before they are made; all begin with the deployment's
/// prefix.
///
/// @param prefix of this deployment
record Names(String prefix) {
    String stack(String part) {
        return prefix + "-" + part;
    }

    String function(String part) {
        return prefix + "-" + part;
    }

    String cluster() {
        return prefix + "-runners";
    }

    String service() {
        return prefix + "-runner";
    }
}
