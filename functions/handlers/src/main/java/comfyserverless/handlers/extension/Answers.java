package comfyserverless.handlers.extension;

import comfyserverless.handlers.HandlerPorts;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.view.View;
import comfyserverless.routeapi.RouteAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/// A pack's answer as HTTP.
final class Answers {
    private static final int LEAST_STATUS = 200;
    private static final int MOST_STATUS = 599;
    private static final Pattern HEADER = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]+");

    private final View view;

    Answers(HandlerPorts ports) {
        this.view = new View(ports.files(), ports.settings().largestInline());
    }

    Response response(Call call, RouteAnswer answer) {
        int status = answer.status();
        if (status < LEAST_STATUS || status > MOST_STATUS) {
            throw new IllegalArgumentException("an answer with the status " + status);
        }
        Response response =
                switch (answer.content()) {
                    case RouteAnswer.Content.Json(var body) -> Response.json(status, body);
                    case RouteAnswer.Content.Text(String type, String text) ->
                            Response.bytes(
                                    status,
                                    type + "; charset=utf-8",
                                    text.getBytes(StandardCharsets.UTF_8));
                    case RouteAnswer.Content.Bytes bytes ->
                            Response.bytes(status, bytes.contentType(), bytes.bytes());
                    case RouteAnswer.Content.Stored(var file) -> view.serve(call, file);
                    case RouteAnswer.Content.Redirect(String location) ->
                            Response.empty(status).with("location", location);
                };
        Response whole = response;
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            whole = whole.with(header.getKey(), header.getValue());
        }
        whole.headers().forEach(Answers::check);
        return whole;
    }

    /// A line break in a header would begin another one.
    private static void check(String name, String value) {
        if (!HEADER.matcher(name).matches() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("an answer with the header " + name + ": " + value);
        }
    }
}
