package comfyserverless.contract.prompt;

import comfyserverless.contract.node.OwnValidation;
import java.util.Set;

/// Stands for a validator that only the runner has ([LateValidation]): it refuses nothing, but what it
/// checks nobody else does.
public record AskedLater(OwnValidation own) implements NodeValidator {
    /// What is known of a validator where it is not.
    public static OwnValidation of(NodeValidator validator) {
        return new OwnValidation(
                validator.names(), validator.allNames(), validator.checksLinkTypes());
    }

    @Override
    public Set<String> names() {
        return own.names();
    }

    @Override
    public boolean allNames() {
        return own.allNames();
    }

    @Override
    public boolean checksLinkTypes() {
        return own.linkTypes();
    }

    @Override
    public Verdict validate(Inputs inputs) {
        return Verdict.OK;
    }
}
