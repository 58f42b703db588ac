package comfyserverless.contract.prompt;

import comfyserverless.contract.node.InputSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// Whether a link's type fits an input (validate_node_input, ComfyUI 0.3.64): equal, `*` on either
/// side, or one type in common between two comma-separated lists.
public final class TypeMatch {
    private static final String ANY = "*";

    private TypeMatch() {}

    static boolean fits(String received, InputSpec spec) {
        if (received.equals(ANY)) {
            return true;
        }
        // A classic list of choices is a type of its own that no name equals.
        if (spec instanceof InputSpec.Choice choice && !choice.named()) {
            return false;
        }
        return fits(received, spec.type());
    }

    /// Whether any of the received types is among the wanted ones.
    public static boolean fits(String received, String wanted) {
        if (received.equals(wanted)) {
            return true;
        }
        Set<String> from = types(received);
        Set<String> to = types(wanted);
        if (from.contains(ANY) || to.contains(ANY)) {
            return true;
        }
        from.retainAll(to);
        return !from.isEmpty();
    }

    /// Whether all received types are among the wanted ones (the strict form, for validators).
    public static boolean fitsStrictly(String received, String wanted) {
        Set<String> from = types(received);
        Set<String> to = types(wanted);
        return from.contains(ANY) || to.contains(ANY) || to.containsAll(from);
    }

    private static Set<String> types(String list) {
        Set<String> types = new HashSet<>();
        Arrays.asList(list.split(",", -1)).forEach(t -> types.add(t.strip()));
        return types;
    }
}
