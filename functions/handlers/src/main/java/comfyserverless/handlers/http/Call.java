package comfyserverless.handlers.http;

import java.util.Map;

/// A request that reached its route.
///
/// @param tenant whose data it is about; told by the authentication alone
/// @param variables the values of the route's `{names}`
public record Call(Request request, String tenant, Map<String, String> variables) {
    public Call {
        variables = Map.copyOf(variables);
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
