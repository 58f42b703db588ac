package comfyserverless.handlers;

import comfyserverless.contract.route.Method;
import comfyserverless.contract.route.Prefix;
import comfyserverless.contract.route.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What somebody would send to each route who knows every name of another tenant.
///
/// @param uploadId an upload that the other tenant announced
/// @param deliveryId a call of the other tenant's webhook
record StrangersRequests(String uploadId, String deliveryId) {
    static final String ENDED = "11111111-1111-4111-8111-111111111111";
    static final String RUNS = "22222222-2222-4222-8222-222222222222";
    static final String WAITS = "33333333-3333-4333-8333-333333333333";
    static final String CLIENT = "alpha-client";

    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)\\+?}");
    private static final String FORM = "multipart/form-data; boundary=b";
    private static final String JSON = "application/json";
    private static final List<String> PROMPTS = List.of(ENDED, RUNS, WAITS);

    /// Values for the variables of paths.
    private static final Map<String, List<String>> NAMES =
            Map.ofEntries(
                    Map.entry("prompt_id", PROMPTS),
                    Map.entry("job_id", PROMPTS),
                    Map.entry("id", List.of("alpha.setting")),
                    Map.entry("file", List.of("alpha.json", "workflows%2Falpha.json")),
                    Map.entry("dest", List.of("taken.json", "alpha.json")),
                    Map.entry("folder", List.of("checkpoints")),
                    Map.entry("folder_name", List.of("checkpoints")),
                    Map.entry("path_index", List.of("0")),
                    Map.entry("filename", List.of("alpha.safetensors")),
                    Map.entry("directory_type", List.of("input", "output", "temp")),
                    Map.entry("node_class", List.of("LoadImage", "PreviewAny")),
                    Map.entry("path", List.of("alpha-out.png", "alpha.json")));

    private static final List<String> QUERIES =
            List.of(
                    "",
                    "?filename=alpha-out.png&type=output",
                    "?filename=alpha-out.png&type=output&preview=webp;90",
                    "?filename=alpha-in.png&type=input",
                    "?filename=alpha-temp.png&type=temp",
                    "?filename=../alpha/alpha-out.png&type=output&subfolder=../alpha",
                    "?filename=alpha.safetensors",
                    "?dir=&recurse=true&full_info=true&split=true",
                    "?dir=workflows&path=workflows&max_items=64",
                    "?status=in_progress,pending,completed,failed,cancelled&limit=200&client_id="
                            + CLIENT
                            + "&clientId="
                            + CLIENT);

    /// One request.
    record Attempt(String method, String pathAndQuery, String type, String body) {
        byte[] bytes() {
            return body.getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return method + " " + pathAndQuery + (body.isEmpty() ? "" : " " + body);
        }
    }

    List<Attempt> to(Route route) {
        List<Attempt> attempts = new ArrayList<>();
        for (String path : paths(route)) {
            if (route.method() == Method.GET) {
                QUERIES.forEach(query -> attempts.add(new Attempt("GET", path + query, JSON, "")));
            } else {
                for (String body : bodies(route)) {
                    String type = body.startsWith("--") ? FORM : JSON;
                    attempts.add(new Attempt(route.method().name(), path, type, body));
                }
            }
        }
        return attempts;
    }

    private List<String> paths(Route route) {
        List<String> filled = filled(route.path());
        List<String> paths = new ArrayList<>();
        if (route.prefix() != Prefix.API) {
            paths.addAll(filled);
        }
        if (route.prefix() != Prefix.BARE) {
            filled.forEach(path -> paths.add("/api" + path));
        }
        return paths;
    }

    private List<String> filled(String path) {
        Matcher variable = VARIABLE.matcher(path);
        if (!variable.find()) {
            return List.of(path);
        }
        String name = variable.group(1);
        List<String> values = name.equals("delivery_id") ? List.of(deliveryId) : NAMES.get(name);
        if (values == null) {
            throw new AssertionError(
                    path + ": say what of another tenant could stand for " + variable.group());
        }
        return values.stream()
                .flatMap(value -> filled(path.replace(variable.group(), value)).stream())
                .toList();
    }

    private List<String> bodies(Route route) {
        return switch (route.name()) {
            case "prompt.submit" ->
                    List.of(
                            TestServer.prompt("mine", ids(ENDED)),
                            TestServer.prompt("mine", ids(RUNS)),
                            TestServer.prompt("mine", ids(WAITS)),
                            loading("alpha-in.png"),
                            loading("alpha-out.png [output]"));
            case "queue.change", "history.change" ->
                    List.of("{\"delete\":" + list() + "}", "{\"clear\":true,\"running\":true}");
            case "queue.interrupt" -> List.of("{\"prompt_id\":\"" + RUNS + "\"}", "{}", "");
            case "queue.free" -> List.of("{\"unload_models\":true,\"free_memory\":true}");
            case "files.upload-image" -> List.of(form("alpha-in.png", ""));
            case "files.upload-mask" ->
                    List.of(form("alpha-in.png", part("original_ref", original())));
            case "userdata.write", "settings.set" -> List.of("\"mine\"");
            case "settings.change" -> List.of("{\"alpha.setting\":\"mine\"}");
            case "users.add" -> List.of("{\"username\":\"alpha\"}");
            case "userdata.delete", "userdata.move", "jobs.cancel" -> List.of("");
            case "jobs.cancel-several" -> List.of("{\"job_ids\":" + list() + "}");
            case "jobs.delete", "webhooks.remove", "webhooks.rotate", "webhooks.replay" ->
                    List.of("");
            case "webhooks.set" -> List.of("\"https://beta.example.org/hook\"");
            case "internal.log-subscribe" ->
                    List.of("{\"clientId\":\"" + CLIENT + "\",\"enabled\":false}");
            case "account.login" -> List.of("{\"key\":\"guess\"}");
            case "account.logout" -> List.of("");
            // A ticket is a secret of the caller's: SignInTest.
            case "account.socket-ticket" -> List.of();
            case "files.presign" -> List.of("{\"size\":3,\"sha256\":\"" + "0".repeat(64) + "\"}");
            case "files.complete" ->
                    List.of(
                            "{\"id\":\"" + uploadId + "\",\"filename\":\"a.png\"}",
                            "{\"id\":\"" + uploadId + "\",\"for\":\"prompt\"}");
            default ->
                    throw new AssertionError(
                            route.name()
                                    + ": say what somebody would send who knows another's names");
        };
    }

    private static String list() {
        return "[\"" + String.join("\",\"", PROMPTS) + "\"]";
    }

    private static String ids(String promptId) {
        return ",\"prompt_id\":\"" + promptId + "\",\"client_id\":\"" + CLIENT + "\"";
    }

    private static String loading(String image) {
        return "{\"prompt\":{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\""
                + image
                + "\"}},\"2\":{\"class_type\":\"PreviewAny\",\"inputs\":{\"source\":[\"1\",0]}}}}";
    }

    private static String original() {
        return "{\"filename\":\"alpha-in.png\",\"type\":\"input\",\"subfolder\":\"\"}";
    }

    private static String part(String name, String value) {
        return "--b\r\ncontent-disposition: form-data; name=\""
                + name
                + "\"\r\n\r\n"
                + value
                + "\r\n";
    }

    static String form(String fileName, String more) {
        return "--b\r\ncontent-disposition: form-data; name=\"image\"; filename=\""
                + fileName
                + "\"\r\n\r\nmine\r\n"
                + more
                + "--b--\r\n";
    }
}
