package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What packs say to pages besides scripts: translations and subgraphs.
class PackTextsTest {
    private final TestServer server = new TestServer();

    private void file(String path, String text) {
        server.pages.put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void the_translations_of_all_packs_are_one_tree_by_language() {
        file("packs/glow/locales/de/main.json", "{\"nodeCategories\":{\"light\":\"Licht\"}}");
        file("packs/glow/locales/de/nodeDefs.json", "{\"Glow\":{\"display_name\":\"Glanz\"}}");
        file("packs/haze/locales/de/nodeDefs.json", "{\"Haze\":{\"display_name\":\"Dunst\"}}");
        file("packs/haze/locales/fr/settings.json", "{\"haze\":{\"name\":\"Brume\"}}");
        file("packs/haze/locales/fr/other.json", "{\"a\":1}");
        file("packs/haze/locales/it/main.json", "{broken");
        JsonNode all = TestServer.json(server.get("/i18n"));
        assertThat(all.at("/de/nodeCategories/light").asText()).isEqualTo("Licht");
        assertThat(all.at("/de/nodeDefs/Glow/display_name").asText()).isEqualTo("Glanz");
        assertThat(all.at("/de/nodeDefs/Haze/display_name").asText()).isEqualTo("Dunst");
        assertThat(all.at("/fr")).hasToString("{\"settings\":{\"haze\":{\"name\":\"Brume\"}}}");
        assertThat(all.at("/it").isEmpty()).isTrue();
    }

    @Test
    void a_subgraph_is_listed_without_its_data_and_given_with_it() {
        file("packs/glow/subgraphs/double.json", "{\"nodes\":[]}");
        JsonNode all = TestServer.json(server.get("/api/global_subgraphs"));
        assertThat(all).hasSize(1);
        String id = all.fieldNames().next();
        assertThat(all.get(id))
                .hasToString(
                        "{\"source\":\"custom_node\",\"name\":\"double\","
                                + "\"info\":{\"node_pack\":\"custom_nodes.glow\"}}");
        JsonNode one = TestServer.json(server.get("/global_subgraphs/" + id));
        assertThat(one.path("data").asText()).isEqualTo("{\"nodes\":[]}");
        assertThat(server.get("/global_subgraphs/nope").status()).isEqualTo(404);
    }
}
