package comfyserverless.localstack.emulator.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A service that speaks AWS's JSON protocol: one operation name and one JSON object in, one JSON object out.
public interface JsonService {

    /// The prefix of this service's exception types, for example `com.amazonaws.dynamodb.v20120810#`.
    String errorNamespace();

    /// Answers or throws a [ServiceException].
    ObjectNode call(String operation, JsonNode request);
}
