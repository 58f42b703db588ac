package comfyserverless.routeapi;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.route.Method;
import java.util.List;
import java.util.Optional;

/// A request to a route of a pack.
public interface RouteRequest {
    Method method();

    /// The value of a `{name}` of the route's path, percent-decoded.
    ///
    /// @throws IllegalArgumentException if the path has none of that name
    String variable(String name);

    /// The first value of a query parameter.
    Optional<String> query(String name);

    /// All values of a query parameter, in order.
    List<String> queryAll(String name);

    /// A header; several of one name are joined by commas.
    Optional<String> header(String name);

    /// The body as it came, at most 4 MB.
    byte[] body();

    /// The body as JSON, whatever its content type.
    ///
    /// @throws RouteProblem (400) if it is none
    JsonNode json();

    /// The body as a form, urlencoded or multipart; without fields if it is neither.
    ///
    /// @throws RouteProblem (400) if the form is broken
    Form form();

    /// Whose request it is.
    Tenant tenant();
}
