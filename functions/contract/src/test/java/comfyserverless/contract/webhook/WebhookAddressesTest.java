package comfyserverless.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class WebhookAddressesTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/webhook/urls.csv", delimiter = '|')
    void only_https_of_hosts_of_the_internet_is_taken(String url, @Nullable String refusal)
            throws WebhookAddresses.Refused {
        judge(new WebhookAddresses(false), url, refusal);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/webhook/local-urls.csv", delimiter = '|')
    void a_local_stack_takes_its_own_machine_too(String url, @Nullable String refusal)
            throws WebhookAddresses.Refused {
        judge(new WebhookAddresses(true), url, refusal);
    }

    private static void judge(WebhookAddresses addresses, String url, @Nullable String refusal)
            throws WebhookAddresses.Refused {
        if (refusal == null) {
            assertThat(addresses.read(url).getHost()).isNotEmpty();
        } else {
            assertThatThrownBy(() -> addresses.read(url))
                    .isInstanceOf(WebhookAddresses.Refused.class)
                    .hasMessageContaining(refusal);
        }
    }

    @Test
    void letters_beyond_ASCII_travel_as_they_must() throws WebhookAddresses.Refused {
        assertThat(new WebhookAddresses(false).read("https://example.com/ü?q=é"))
                .hasToString("https://example.com/%C3%BC?q=%C3%A9");
    }

    @Test
    void an_address_of_more_than_2048_characters_is_refused() throws WebhookAddresses.Refused {
        WebhookAddresses addresses = new WebhookAddresses(false);
        String start = "https://example.com/";
        String longest = start + "a".repeat(2048 - start.length());
        assertThat(addresses.read(longest)).hasToString(longest);
        assertThatThrownBy(() -> addresses.read(longest + "a"))
                .isInstanceOf(WebhookAddresses.Refused.class);
    }
}
