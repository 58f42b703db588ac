package comfyserverless.contract.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// The node classes that a runner can run, as runners publish it and functions read it: gzipped JSON,
/// named by its digest. Each entry is the node's /object_info plus what that does not show.
///
/// @param nodes class name → definition, in the order of /object_info
/// @param validated class name → what it validates itself, for those classes of packs that do
/// @param packFiles pack → path in it (`web/glow.js`) → the digest under which its bytes are published
public record Catalogue(
        Map<String, NodeDefinition> nodes,
        Map<String, OwnValidation> validated,
        Map<String, Map<String, String>> packFiles)
        implements NodeDefinitions {
    private static final String SOURCES = "_sources";
    private static final String TRAITS = "_traits";

    /// An array, which no node class is.
    private static final String PACKS = "_packs";

    private static final String VALIDATED = "_validated";

    /// Traits that /object_info does not show.
    private static final List<Trait> UNSEEN = List.of(Trait.INPUT_IS_LIST, Trait.NOT_IDEMPOTENT);

    public Catalogue {
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
        validated = Map.copyOf(validated);
        packFiles = Map.copyOf(packFiles);
    }

    /// A catalogue of these classes.
    ///
    /// @throws IllegalArgumentException if two have one name
    public static Catalogue of(Collection<NodeDefinition> definitions) {
        Map<String, NodeDefinition> nodes = new LinkedHashMap<>();
        for (NodeDefinition definition : definitions) {
            if (nodes.put(definition.className(), definition) != null) {
                throw new IllegalArgumentException(
                        "two node classes are named " + definition.className());
            }
        }
        return new Catalogue(nodes, Map.of(), Map.of());
    }

    /// The same classes, of which these validate inputs themselves.
    public Catalogue validating(Map<String, OwnValidation> classes) {
        return new Catalogue(nodes, classes, packFiles);
    }

    /// The same with what packs bring for pages.
    public Catalogue carrying(Map<String, Map<String, String>> files) {
        return new Catalogue(nodes, validated, files);
    }

    @Override
    public Optional<NodeDefinition> find(String className) {
        return Optional.ofNullable(nodes.get(className));
    }

    @Override
    public Collection<NodeDefinition> all() {
        return nodes.values();
    }

    /// The whole /object_info.
    public ObjectNode objectInfo(FolderLists lists) {
        ObjectNode all = Json.object();
        nodes.forEach((name, node) -> all.set(name, NodeInfo.write(node, lists)));
        return all;
    }

    /// Whether the entry of a class changes when files come and go.
    public boolean followsFiles(String className) {
        NodeDefinition node = nodes.get(className);
        return node != null && !sources(node).isEmpty();
    }

    /// The catalogue as it is published. Equal catalogues give equal bytes.
    public byte[] gzip() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// SHA-256 (hex) of the catalogue's JSON: its name.
    public String digest() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Reads what [#gzip] wrote; ComfyUI's own /object_info, gzipped, can be read too.
    ///
    /// @throws comfyserverless.contract.json.MalformedJson if it is no catalogue
    public static Catalogue read(byte[] gzip) {
        try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return of(Json.readStored(zip.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads a catalogue's JSON, or ComfyUI's own /object_info.
    public static Catalogue of(JsonNode json) {
        Map<String, NodeDefinition> nodes = new LinkedHashMap<>();
        Map<String, OwnValidation> validated = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            if (entry.getValue() instanceof ObjectNode node) {
                Set<Trait> unseen = EnumSet.noneOf(Trait.class);
                node.path(TRAITS).forEach(t -> unseen.add(Trait.valueOf(t.asText())));
                nodes.put(
                        entry.getKey(), new NodeInfoReader(node, node.path(SOURCES)).read(unseen));
                if (node.has(VALIDATED)) {
                    validated.put(entry.getKey(), OwnValidation.of(node.path(VALIDATED)));
                }
            }
        }
        return new Catalogue(nodes, validated, packFiles(json.path(PACKS)));
    }

    private static Map<String, Map<String, String>> packFiles(JsonNode packs) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (JsonNode pack : packs) {
            Map<String, String> files = new TreeMap<>();
            pack.path("files")
                    .properties()
                    .forEach(f -> files.put(f.getKey(), f.getValue().asText()));
            all.put(pack.path("name").asText(), files);
        }
        return all;
    }

    private ArrayNode packsJson() {
        ArrayNode packs = Json.mapper().createArrayNode();
        new TreeMap<>(packFiles)
                .forEach((name, files) -> {
                    ObjectNode listed = packs.addObject().put("name", name).putObject("files");
                    new TreeMap<>(files).forEach(listed::put);
                });
        return packs;
    }

    private byte[] json() {
        ObjectNode all = Json.object();
        nodes.forEach((name, node) -> {
            ObjectNode entry = NodeInfo.write(node, FolderLists.empty());
            ObjectNode sources = sources(node);
            if (!sources.isEmpty()) {
                entry.set(SOURCES, sources);
            }
            ArrayNode traits = Json.mapper().createArrayNode();
            UNSEEN.stream().filter(node::is).forEach(t -> traits.add(t.name()));
            if (!traits.isEmpty()) {
                entry.set(TRAITS, traits);
            }
            OwnValidation own = validated.get(name);
            if (own != null) {
                entry.set(VALIDATED, own.json());
            }
            all.set(name, entry);
        });
        if (!packFiles.isEmpty()) {
            all.set(PACKS, packsJson());
        }
        return Json.writeBytes(all);
    }

    private static ObjectNode sources(NodeDefinition node) {
        ObjectNode sources = Json.object();
        for (Map<String, InputSpec> section : List.of(node.required(), node.optional())) {
            section.forEach((name, spec) -> {
                if (spec instanceof InputSpec.Choice choice
                        && ChoiceSourceJson.follows(choice.source())) {
                    sources.set(name, ChoiceSourceJson.write(choice.source()));
                }
            });
        }
        return sources;
    }
}
