package comfyserverless.localstack.emulator.dynamodb.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.emulator.dynamodb.wire.ValueJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Each case of the files is one test: an expression, names, values and an item, and what must come of it: `holds`,
/// `becomes`, `shows`, or the `error` that DynamoDB answers.
class ExpressionCasesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> conditions() throws IOException {
        return cases("conditions.json", ExpressionCasesTest::checkCondition);
    }

    @TestFactory
    Stream<DynamicTest> updates() throws IOException {
        return cases("updates.json", ExpressionCasesTest::checkUpdate);
    }

    @TestFactory
    Stream<DynamicTest> projections() throws IOException {
        return cases("projections.json", ExpressionCasesTest::checkProjection);
    }

    @FunctionalInterface
    private interface Check {
        void run(JsonNode example, Placeholders placeholders, Map<String, Value> item);
    }

    private static Stream<DynamicTest> cases(String file, Check check) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ExpressionCasesTest.class.getResourceAsStream(file), file)) {
            JsonNode all = JSON.readTree(in);
            return StreamSupport.stream(all.spliterator(), false)
                    .map(example ->
                            DynamicTest.dynamicTest(title(example), () -> run(example, check)));
        }
    }

    private static String title(JsonNode example) {
        return example.path("expression").asText() + example.path("note").asText("");
    }

    private static void run(JsonNode example, Check check) {
        JsonNode error = example.path("error");
        if (error.isMissingNode()) {
            check.run(example, placeholders(example), item(example));
        } else {
            assertThatThrownBy(() -> check.run(example, placeholders(example), item(example)))
                    .isInstanceOfSatisfying(
                            ServiceException.class,
                            e -> assertThat(e.type()).isEqualTo("ValidationException"))
                    .hasMessage(error.asText());
        }
    }

    private static Placeholders placeholders(JsonNode example) {
        Map<String, String> names = new HashMap<>();
        example.path("names")
                .properties()
                .forEach(e -> names.put(e.getKey(), e.getValue().asText()));
        return new Placeholders(names, ValueJson.readItem(example.path("values")));
    }

    private static Map<String, Value> item(JsonNode example) {
        return ValueJson.readItem(example.path("item"));
    }

    private static void checkCondition(
            JsonNode example, Placeholders placeholders, Map<String, Value> item) {
        Condition condition =
                ConditionParser.parse(
                        "ConditionExpression", example.path("expression").asText(), placeholders);
        placeholders.checkAllUsed();
        assertThat(ConditionEvaluator.holds(condition, item))
                .isEqualTo(example.path("holds").asBoolean());
    }

    private static void checkUpdate(
            JsonNode example, Placeholders placeholders, Map<String, Value> item) {
        Update update = UpdateParser.parse(example.path("expression").asText(), placeholders);
        placeholders.checkAllUsed();
        assertThat(UpdateApplier.apply(update, item))
                .isEqualTo(ValueJson.readItem(example.path("becomes")));
    }

    private static void checkProjection(
            JsonNode example, Placeholders placeholders, Map<String, Value> item) {
        Projection projection = Projection.parse(example.path("expression").asText(), placeholders);
        assertThat(projection.of(item)).isEqualTo(ValueJson.readItem(example.path("shows")));
    }
}
