package comfyserverless.contract.pack;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.OwnValidation;
import comfyserverless.contract.prompt.AskedLater;
import comfyserverless.contract.prompt.CoreValidators;
import comfyserverless.contract.prompt.NodeValidator;
import comfyserverless.contract.prompt.ValidatorFailure;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The validators of ComfyUI's own nodes and of packs, by class name. What breaks in a pack's validator
/// becomes an answer to the client, never more.
public final class PackValidators implements Function<String, Optional<NodeValidator>> {
    private final Map<String, NodePack> owners = new HashMap<>();

    public PackValidators(Collection<NodePack> packs) {
        for (NodePack pack : packs) {
            for (NodeDefinition node : pack.definitions()) {
                owners.put(node.className(), pack);
            }
        }
    }

    @Override
    public Optional<NodeValidator> apply(String className) {
        return owners.containsKey(className) ? ofPack(className) : CoreValidators.of(className);
    }

    /// The same without ComfyUI's own.
    public Optional<NodeValidator> ofPack(String className) {
        NodePack pack = owners.get(className);
        return pack == null
                ? Optional.empty()
                : pack.validator(className).<NodeValidator>map(Guarded::new);
    }

    /// What functions without the packs must know of their validators, by class name.
    public Map<String, OwnValidation> described() {
        Map<String, OwnValidation> all = new HashMap<>();
        for (String className : owners.keySet()) {
            ofPack(className).ifPresent(own -> all.put(className, AskedLater.of(own)));
        }
        return all;
    }

    private record Guarded(NodeValidator validator) implements NodeValidator {
        @Override
        public Set<String> names() {
            return validator.names();
        }

        @Override
        public boolean allNames() {
            return validator.allNames();
        }

        @Override
        public boolean checksLinkTypes() {
            return validator.checksLinkTypes();
        }

        @Override
        public Verdict validate(Inputs inputs) {
            try {
                return validator.validate(inputs);
            } catch (ValidatorFailure e) {
                throw e;
            } catch (RuntimeException | LinkageError e) {
                throw new ValidatorFailure(
                        e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
            }
        }
    }
}
