package comfyserverless.infrastructure;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.cloudfront.Function;
import software.amazon.awscdk.services.cloudfront.FunctionAssociation;
import software.amazon.awscdk.services.cloudfront.FunctionCode;
import software.amazon.awscdk.services.cloudfront.FunctionEventType;
import software.amazon.awscdk.services.cloudfront.FunctionRuntime;
import software.constructs.Construct;

/// The small scripts that CloudFront runs before a request goes on and before an answer goes back.
final class EdgeFunctions extends Construct {
    /// The largest body that fits a function's event, where a file is base64 and text is escaped.
    static final int LARGEST_BODY = 4 * 1024 * 1024;

    static final Map<String, String> VALUES =
            Map.of("LARGEST_BODY", Integer.toString(LARGEST_BODY), "STAGE", SocketGateway.STAGE);

    private final boolean open;

    /// @param open whether the page is for anybody
    EdgeFunctions(Construct scope, boolean open) {
        super(scope, "Edge");
        this.open = open;
    }

    /// A script with its values filled in.
    static String script(String name) {
        String script = Resources.text("edge/" + name + ".js");
        for (Map.Entry<String, String> value : VALUES.entrySet()) {
            script = script.replace(value.getKey(), value.getValue());
        }
        return script;
    }

    List<FunctionAssociation> api() {
        return List.of(
                association("request", FunctionEventType.VIEWER_REQUEST),
                association("answer", FunctionEventType.VIEWER_RESPONSE));
    }

    List<FunctionAssociation> socket() {
        return List.of(association("socket", FunctionEventType.VIEWER_REQUEST));
    }

    List<FunctionAssociation> file() {
        return List.of(association("file", FunctionEventType.VIEWER_REQUEST));
    }

    List<FunctionAssociation> page() {
        return List.of(
                association(open ? "page" : "member-page", FunctionEventType.VIEWER_REQUEST));
    }

    private FunctionAssociation association(String name, FunctionEventType type) {
        Function function =
                getNode().tryFindChild(name) instanceof Function made
                        ? made
                        : Function.Builder.create(this, name)
                                .runtime(FunctionRuntime.JS_2_0)
                                .code(FunctionCode.fromInline(script(name)))
                                .build();
        return FunctionAssociation.builder().eventType(type).function(function).build();
    }
}
