package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

class WebTemplateTest {
    private final Template web = Templates.of(Templates.PLAIN, "web");

    private static Object behaviours(String... paths) {
        return Map.of(
                "DistributionConfig",
                Match.objectLike(
                        Map.of(
                                "CacheBehaviors",
                                Match.arrayWith(
                                        List.of(paths).stream()
                                                .map(path ->
                                                        Match.objectLike(
                                                                Map.of("PathPattern", path)))
                                                .toList()))));
    }

    @Test
    void routes_sockets_and_files_have_one_origin() {
        web.hasResourceProperties(
                "AWS::CloudFront::Distribution", behaviours("/ws", "/api/ws", "/_files/*"));
    }

    @Test
    void the_apis_are_called_with_the_secret_and_without_the_viewers_host() {
        String distribution = web.findResources("AWS::CloudFront::Distribution").toString();
        assertThat(distribution)
                .contains("x-origin-secret")
                .contains("resolve:secretsmanager")
                // the managed policy AllViewerExceptHostHeader
                .contains("b689b0a8-53d0-40ab-baf2-68738e2966ac");
    }

    @Test
    void each_entry_of_a_page_is_a_path_but_those_below_which_routes_answer() {
        Template page = Templates.of(Templates.FULL, "web");
        page.hasResourceProperties(
                "AWS::CloudFront::Distribution",
                behaviours(
                        "/",
                        "/assets/*",
                        "/extensions/core/*",
                        "/extensions/own.js",
                        "/index.html"));
        assertThat(page.findResources("AWS::CloudFront::Distribution").toString())
                .doesNotContain("PathPattern=/extensions/*");
        page.resourceCountIs("Custom::CDKBucketDeployment", 1);
    }

    @Test
    void a_firewall_is_there_if_asked_for() {
        web.resourceCountIs("AWS::WAFv2::WebACL", 0);
        Templates.of(Templates.FULL, "web").resourceCountIs("AWS::WAFv2::WebACL", 1);
    }

    @Test
    void a_domain_of_ones_own_comes_with_its_certificate() {
        Templates.of(Templates.FULL, "web")
                .hasResourceProperties(
                        "AWS::CloudFront::Distribution",
                        Map.of(
                                "DistributionConfig",
                                Match.objectLike(Map.of("Aliases", List.of("comfy.example.org")))));
    }

    @Test
    void cloudfront_writes_no_logs_that_could_hold_a_query_string() {
        assertThat(web.findResources("AWS::CloudFront::Distribution").toString())
                .doesNotContain("Logging=");
    }
}
