package comfyserverless.contract.route;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// What the table says of a request.
public sealed interface RouteMatch {
    /// A route answers.
    ///
    /// @param parameters path parameters, percent-decoded
    /// @param head whether only the headers are wanted
    record Found(Route route, Map<String, String> parameters, boolean head) implements RouteMatch {
        public Found {
            parameters = Map.copyOf(parameters);
        }

        /// A path parameter of the route.
        ///
        /// @throws IllegalArgumentException if the route has none of that name
        public String parameter(String name) {
            String value = parameters.get(name);
            if (value == null) {
                throw new IllegalArgumentException(
                        "route " + route.name() + " has no parameter \"" + name + "\"");
            }
            return value;
        }
    }

    /// The path is known, the method is not: a 405 with this Allow header.
    record WrongMethod(SortedSet<String> allowed) implements RouteMatch {
        public WrongMethod {
            allowed = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(allowed));
        }

        /// `GET,HEAD,POST`.
        public String allow() {
            return String.join(",", allowed);
        }
    }

    /// Nothing answers this path, whatever the method.
    record Unknown() implements RouteMatch {}

    /// OPTIONS: an empty 200 on every path, as the recordings have it.
    record Options() implements RouteMatch {}
}
