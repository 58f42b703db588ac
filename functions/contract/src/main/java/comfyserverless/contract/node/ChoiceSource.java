package comfyserverless.contract.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/// Where the choices of a list input come from.
public sealed interface ChoiceSource {
    /// The choices at this moment.
    List<JsonNode> values(FolderLists lists);

    /// Whether a value is a choice; looks at the file rather than at the list where there is one.
    boolean has(JsonNode value, FolderLists lists);

    /// A list written into the definition.
    record Fixed(List<JsonNode> choices) implements ChoiceSource {
        public Fixed {
            choices = List.copyOf(choices);
        }

        /// The choices of a JSON list.
        static Fixed of(JsonNode list) {
            List<JsonNode> choices = new ArrayList<>();
            list.forEach(choices::add);
            return new Fixed(choices);
        }

        @Override
        public List<JsonNode> values(FolderLists lists) {
            return choices;
        }

        @Override
        public boolean has(JsonNode value, FolderLists lists) {
            return choices.stream().anyMatch(c -> PythonEquality.equal(c, value));
        }
    }

    /// The files of a model folder (checkpoints, loras, ...).
    record ModelFolder(String folder) implements ChoiceSource {
        @Override
        public List<JsonNode> values(FolderLists lists) {
            return texts(lists.models(folder));
        }

        @Override
        public boolean has(JsonNode value, FolderLists lists) {
            return value.isTextual() && lists.hasModel(folder, value.textValue());
        }
    }

    /// One choice that is there when a model folder has, for each beginning of a name, a file with it: a model
    /// whose halves are files of their own.
    record WhenThere(String choice, String folder, List<String> beginnings)
            implements ChoiceSource {
        public WhenThere {
            beginnings = List.copyOf(beginnings);
        }

        @Override
        public List<JsonNode> values(FolderLists lists) {
            return isThere(lists) ? texts(List.of(choice)) : List.of();
        }

        @Override
        public boolean has(JsonNode value, FolderLists lists) {
            return value.isTextual() && value.textValue().equals(choice) && isThere(lists);
        }

        private boolean isThere(FolderLists lists) {
            List<String> files = lists.models(folder);
            return beginnings.stream()
                    .allMatch(start -> files.stream().anyMatch(file -> file.startsWith(start)));
        }
    }

    /// The files at the top of the input folder of the given kinds (image, video, audio); all if none
    /// is given.
    record InputFolder(List<String> kinds) implements ChoiceSource {
        public InputFolder {
            kinds = List.copyOf(kinds);
        }

        @Override
        public List<JsonNode> values(FolderLists lists) {
            return texts(lists.inputs(kinds));
        }

        @Override
        public boolean has(JsonNode value, FolderLists lists) {
            return value.isTextual() && lists.inputs(kinds).contains(value.textValue());
        }
    }

    /// Several sources one after another: `["none"]` and then a folder.
    record Joined(List<ChoiceSource> parts) implements ChoiceSource {
        public Joined {
            parts = List.copyOf(parts);
        }

        @Override
        public List<JsonNode> values(FolderLists lists) {
            List<JsonNode> all = new ArrayList<>();
            parts.forEach(p -> all.addAll(p.values(lists)));
            return all;
        }

        @Override
        public boolean has(JsonNode value, FolderLists lists) {
            return parts.stream().anyMatch(p -> p.has(value, lists));
        }
    }

    private static List<JsonNode> texts(List<String> names) {
        return names.stream().<JsonNode>map(TextNode::valueOf).toList();
    }
}
