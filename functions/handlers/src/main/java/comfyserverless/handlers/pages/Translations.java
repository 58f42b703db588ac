package comfyserverless.handlers.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `GET /i18n`: the translations of all packs by language (custom_node_manager.py, ComfyUI 0.3.64): a
/// pack's `locales/{language}/main.json` as it is, its `nodeDefs`, `commands` and `settings` under their names.
/// Where two packs say something of the same thing, the later pack's word holds.
public final class Translations implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(Translations.class);
    private static final Pattern FILE =
            Pattern.compile("packs/[^/]+/locales/([^/]+)/([^/]+)\\.json");
    private static final String WHOLE = "main";
    private static final Set<String> PARTS = Set.of("nodeDefs", "commands", "settings");

    private final WebFiles files;

    public Translations(WebFiles files) {
        this.files = files;
    }

    @Override
    public Response answer(Call call) {
        ObjectNode languages = Json.object();
        for (String path : files.list("packs")) {
            Matcher file = FILE.matcher(path);
            if (file.matches()) {
                String part = file.group(2);
                if (part.equals(WHOLE)) {
                    read(path).ifPresent(said -> merge(language(languages, file.group(1)), said));
                } else if (PARTS.contains(part)) {
                    ObjectNode named = Json.object();
                    read(path).ifPresent(said -> named.set(part, said));
                    merge(language(languages, file.group(1)), named);
                }
            }
        }
        return Response.json(languages);
    }

    private static ObjectNode language(ObjectNode languages, String code) {
        return languages.withObjectProperty(code);
    }

    private Optional<ObjectNode> read(String path) {
        try {
            return files.read(path)
                    .map(Json::readStored)
                    .filter(JsonNode::isObject)
                    .map(ObjectNode.class::cast);
        } catch (MalformedJson e) {
            LOG.warn("{} is no JSON and is left out: {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    private static void merge(ObjectNode base, ObjectNode more) {
        for (Map.Entry<String, JsonNode> entry : more.properties()) {
            JsonNode there = base.get(entry.getKey());
            if (there instanceof ObjectNode object
                    && entry.getValue() instanceof ObjectNode other) {
                merge(object, other);
            } else if (there instanceof ArrayNode list
                    && entry.getValue() instanceof ArrayNode other) {
                list.addAll(other);
            } else {
                base.set(entry.getKey(), entry.getValue().deepCopy());
            }
        }
    }
}
