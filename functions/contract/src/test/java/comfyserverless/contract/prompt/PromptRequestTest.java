package comfyserverless.contract.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptRequestTest {
    private static PromptRequest read(String body) {
        return PromptRequest.read(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void secrets_are_taken_out_of_the_extra_data() {
        PromptRequest request =
                read(
                        """
                        {"prompt": {}, "client_id": "me",
                         "extra_data": {"api_key_comfy_org": "k", "auth_token_comfy_org": "t",
                                        "webhook": "https://x", "extra_pnginfo": {"workflow": 1}}}
                        """);
        assertThat(Json.write(request.extraData()))
                .isEqualTo("{\"extra_pnginfo\":{\"workflow\":1},\"client_id\":\"me\"}");
        assertThat(request.secrets())
                .containsOnlyKeys("api_key_comfy_org", "auth_token_comfy_org", "webhook");
        assertThat(request.clientId()).isEqualTo("me");
    }

    @Test
    void front_negates_the_counter_and_a_given_number_wins() {
        assertThat(read("{\"front\": true}").numberOr(5)).isEqualTo(-5.0);
        assertThat(read("{\"front\": false}").numberOr(5)).isEqualTo(5.0);
        assertThat(read("{\"number\": \" 3.5 \", \"front\": true}").numberOr(5)).isEqualTo(3.5);
        assertThat(read("{\"number\": true}").numberOr(5)).isEqualTo(1.0);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"abc\"',invalid_number",
        "null,invalid_number",
        "NaN,invalid_number",
        "Infinity,invalid_number",
        "'[1]',invalid_number",
        "'\"1e999\"',invalid_number"
    })
    void a_number_that_is_none_is_refused(String number, String type) {
        assertRefused("{\"number\": " + number + "}", type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a#b", "a\\u0000b", "a\\nb", "\\ud800"})
    void an_id_that_could_not_be_a_key_is_refused(String id) {
        assertRefused("{\"prompt_id\": \"" + id + "\"}", "invalid_prompt_id");
    }

    @Test
    void an_id_of_129_characters_is_refused() {
        assertRefused("{\"prompt_id\": \"" + "x".repeat(129) + "\"}", "invalid_prompt_id");
        assertThat(read("{\"prompt_id\": \"" + "x".repeat(128) + "\"}").promptId()).hasSize(128);
    }

    @Test
    void only_a_canonical_uuid_makes_a_retry() {
        assertThat(read("{\"prompt_id\": \"0af5ec40-6d9f-4f3c-a1b2-0123456789ab\"}").retryable())
                .isTrue();
        assertThat(read("{\"prompt_id\": \"0AF5EC40-6D9F-4F3C-A1B2-0123456789AB\"}").retryable())
                .isFalse();
        assertThat(read("{}").retryable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{} {}", "7", "{\"a\": }", "\u0000"})
    void what_is_no_json_object_is_refused(String body) {
        assertRefused(body, "invalid_json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "[1]", "\"x\""})
    void a_list_or_a_text_has_no_prompt_as_an_empty_object_has_none(String body) {
        assertThat(read(body).prompt()).isNull();
    }

    @Test
    void json_deeper_than_the_limit_is_refused() {
        String deep = "[".repeat(Json.DEEPEST) + "]".repeat(Json.DEEPEST);
        assertRefused("{\"prompt\": " + deep + "}", "invalid_json");
    }

    @Test
    void the_editors_format_is_recognised() {
        String workflow = "{\"nodes\": [{\"id\": 1}], \"links\": [], \"version\": 0.4}";
        assertRefused(workflow, "workflow_in_editor_format");
        assertRefused("{\"prompt\": " + workflow + "}", "workflow_in_editor_format");
    }

    @Test
    void the_hash_covers_what_runs_and_not_who_asks() {
        String hash = read("{\"prompt\": {\"1\": {}}, \"client_id\": \"a\"}").hash();
        assertThat(read("{\"client_id\": \"b\", \"prompt\": {\"1\": {}}}").hash()).isEqualTo(hash);
        assertThat(read("{\"prompt\": {\"2\": {}}}").hash()).isNotEqualTo(hash);
        assertThat(read("{\"prompt\": {\"1\": {}}, \"front\": true}").hash()).isNotEqualTo(hash);
    }

    @Test
    void one_idempotency_key_gives_one_id_per_tenant_and_user() {
        String id = PromptIds.ofIdempotencyKey("t", "u", "k");
        assertThat(PromptIds.isCanonicalUuid(id)).isTrue();
        assertThat(id.charAt(14)).isEqualTo('5');
        assertThat(PromptIds.ofIdempotencyKey("t", "u", "k")).isEqualTo(id);
        assertThat(PromptIds.ofIdempotencyKey("t2", "u", "k")).isNotEqualTo(id);
    }

    private static void assertRefused(String body, String type) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        RefusedPrompt.class,
                        e -> assertThat(e.answer().error().type()).isEqualTo(type));
    }
}
