package comfyserverless.contract.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.util.List;
import java.util.function.UnaryOperator;

/// What one input of a node takes: a widget's value, a choice, or a link. The static methods and the
/// `with…` steps read like the declaration:
/// `decimal(8.0).between(0, 100).step(0.1).round(0.01)`.
public sealed interface InputSpec {
    /// The type as clients see it: INT, FLOAT, STRING, BOOLEAN, COMBO, IMAGE, `IMAGE,FLOAT`, `*`.
    String type();

    InputOptions options();

    /// The same input with changed options.
    InputSpec change(UnaryOperator<InputOptions> change);

    default InputSpec with(String option, JsonNode value) {
        return change(o -> o.with(option, value));
    }

    default InputSpec with(String option, String value) {
        return change(o -> o.with(option, value));
    }

    default InputSpec with(String option, boolean value) {
        return change(o -> o.with(option, value));
    }

    default InputSpec tooltip(String text) {
        return with("tooltip", text);
    }

    /// Evaluated only when the node asks for it.
    default InputSpec lazy() {
        return with("lazy", true);
    }

    /// Never a widget: always a link.
    default InputSpec forceInput() {
        return with("forceInput", true);
    }

    /// The node gets the link itself, not the value behind it.
    default InputSpec rawLink() {
        return with("rawLink", true);
    }

    default boolean isLazy() {
        return options().is("lazy");
    }

    default boolean isRawLink() {
        return options().is("rawLink");
    }

    /// A whole number.
    record Int(InputOptions options) implements InputSpec {
        @Override
        public String type() {
            return "INT";
        }

        @Override
        public Int change(UnaryOperator<InputOptions> change) {
            return new Int(change.apply(options));
        }

        public Int between(long min, long max) {
            return between(BigInteger.valueOf(min), BigInteger.valueOf(max));
        }

        public Int between(BigInteger min, BigInteger max) {
            return change(o -> o.with("min", min).with("max", max));
        }

        public Int step(long step) {
            return change(o -> o.with("step", BigInteger.valueOf(step)));
        }

        /// How the front end shows it: `number`, `slider`, `color`.
        public Int display(String display) {
            return change(o -> o.with("display", display));
        }
    }

    /// A number with fractions.
    record Decimal(InputOptions options) implements InputSpec {
        @Override
        public String type() {
            return "FLOAT";
        }

        @Override
        public Decimal change(UnaryOperator<InputOptions> change) {
            return new Decimal(change.apply(options));
        }

        public Decimal between(double min, double max) {
            return change(o -> o.with("min", min).with("max", max));
        }

        public Decimal step(double step) {
            return change(o -> o.with("step", step));
        }

        public Decimal round(double round) {
            return change(o -> o.with("round", round));
        }
    }

    /// A text.
    record Text(InputOptions options) implements InputSpec {
        @Override
        public String type() {
            return "STRING";
        }

        @Override
        public Text change(UnaryOperator<InputOptions> change) {
            return new Text(change.apply(options));
        }

        public Text multiline() {
            return change(o -> o.with("multiline", true));
        }

        public Text dynamicPrompts() {
            return change(o -> o.with("dynamicPrompts", true));
        }

        public Text preset(String value) {
            return change(o -> o.with("default", value));
        }
    }

    /// A truth value.
    record Flag(InputOptions options) implements InputSpec {
        @Override
        public String type() {
            return "BOOLEAN";
        }

        @Override
        public Flag change(UnaryOperator<InputOptions> change) {
            return new Flag(change.apply(options));
        }
    }

    /// One of a list that is fixed or follows a folder.
    ///
    /// @param named whether it is printed as `["COMBO", {"options": […]}]` rather than `[[…], {}]`
    record Choice(ChoiceSource source, InputOptions options, boolean named) implements InputSpec {
        @Override
        public String type() {
            return "COMBO";
        }

        @Override
        public Choice change(UnaryOperator<InputOptions> change) {
            return new Choice(source, change.apply(options), named);
        }

        public Choice preset(String value) {
            return change(o -> o.with("default", value));
        }

        /// The same choice in the newer form of declaration.
        public Choice asNamed() {
            return new Choice(source, options, true);
        }
    }

    /// A value of a type that only a link brings.
    record Linked(String type, InputOptions options) implements InputSpec {
        @Override
        public Linked change(UnaryOperator<InputOptions> change) {
            return new Linked(type, change.apply(options));
        }
    }

    /// A whole number with a default.
    static Int integer(long preset) {
        return new Int(InputOptions.NONE.with("default", BigInteger.valueOf(preset)));
    }

    /// A number with a default.
    static Decimal decimal(double preset) {
        return new Decimal(InputOptions.NONE.with("default", preset));
    }

    static Text text() {
        return new Text(InputOptions.NONE);
    }

    /// A truth value with a default.
    static Flag flag(boolean preset) {
        return new Flag(InputOptions.NONE.with("default", preset));
    }

    static Choice choice(String... values) {
        return choice(List.of(values));
    }

    static Choice choice(List<String> values) {
        List<JsonNode> nodes = values.stream().<JsonNode>map(TextNode::valueOf).toList();
        return new Choice(new ChoiceSource.Fixed(nodes), InputOptions.NONE, false);
    }

    /// A file of a model folder, by its name there.
    static Choice modelFile(String folder) {
        return new Choice(new ChoiceSource.ModelFolder(folder), InputOptions.NONE, false);
    }

    /// One of several sources, one after another.
    static Choice anyOf(ChoiceSource... sources) {
        return new Choice(new ChoiceSource.Joined(List.of(sources)), InputOptions.NONE, false);
    }

    /// A file of the input folder whose type is one of `kinds` (image, video, audio).
    static Choice inputFile(String... kinds) {
        return new Choice(new ChoiceSource.InputFolder(List.of(kinds)), InputOptions.NONE, false);
    }

    /// A link of that type; a comma-separated list is a union, `*` is anything.
    static Linked link(String type) {
        return new Linked(type, InputOptions.NONE);
    }
}
