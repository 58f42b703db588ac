package comfyserverless.handlers.http;

import comfyserverless.contract.account.Identity;
import java.util.Map;

/// A request that reached its route.
///
/// @param caller whose data it is about; told by the authentication alone
/// @param variables the values of the route's `{names}`
public record Call(Request request, Identity caller, Map<String, String> variables) {
    public Call {
        variables = Map.copyOf(variables);
    }

    public String tenant() {
        return caller.tenant();
    }

    /// The value of a `{name}` of this route's path.
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no {" + name + "}: " + variables);
        }
        return value;
    }
}
