package comfyserverless.localstack.deploy;

import java.net.URI;

/// An emulator that runs functions behind HTTP and WebSocket APIs, and where those answer on it.
public enum Emulator {
    /// With a token for the editions that have API Gateway v2 and Lambda; runs Java in a container.
    LOCALSTACK,
    /// From PyPI, no Docker; starts a function's own `bootstrap` as a process.
    MINISTACK;

    boolean bringsJava() {
        return this == LOCALSTACK;
    }

    /// Where clients call an HTTP API, without a slash at the end.
    URI http(URI endpoint, String api) {
        return switch (this) {
            case LOCALSTACK ->
                    URI.create(
                            "http://%s.execute-api.localhost.localstack.cloud:%d"
                                    .formatted(api, endpoint.getPort()));
            case MINISTACK -> managed(endpoint, api, "$default");
        };
    }

    /// Where clients open sockets.
    URI sockets(URI endpoint, String api, String stage) {
        return URI.create(managed(endpoint, api, stage).toString().replaceFirst("^http", "ws"));
    }

    /// Where messages for a WebSocket API's connections are posted.
    URI connections(URI endpoint, String api, String stage) {
        return managed(endpoint, api, stage);
    }

    private static URI managed(URI endpoint, String api, String stage) {
        return URI.create(endpoint + "/_aws/execute-api/" + api + "/" + stage);
    }
}
