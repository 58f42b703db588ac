package comfyserverless.contract.route;

/// The HTTP methods that routes answer to. HEAD is answered wherever GET is.
public enum Method {
    GET,
    POST,
    PUT,
    PATCH,
    DELETE
}
