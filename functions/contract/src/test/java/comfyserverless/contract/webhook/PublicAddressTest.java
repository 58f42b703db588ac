package comfyserverless.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class PublicAddressTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/webhook/addresses.csv")
    void only_hosts_of_the_internet_are_called(String address, boolean called, String whose) {
        InetAddress literal = InetAddress.ofLiteral(address);
        assertThat(PublicAddress.is(literal)).as(whose).isEqualTo(called);
        assertThat(new WebhookAddresses(false).allows(literal)).as(whose).isEqualTo(called);
    }

    @Test
    void an_address_of_IPv4_in_sixteen_bytes_is_not_called() throws UnknownHostException {
        byte[] mapped = new byte[16];
        Arrays.fill(mapped, 10, 12, (byte) 0xff);
        System.arraycopy(new byte[] {8, 8, 8, 8}, 0, mapped, 12, 4);
        assertThat(PublicAddress.is(Inet6Address.getByAddress(null, mapped, -1))).isFalse();
    }

    @Test
    void a_local_stack_may_call_its_own_machine_and_no_other_of_its_network() {
        WebhookAddresses local = new WebhookAddresses(true);
        assertThat(local.allows(InetAddress.ofLiteral("127.0.0.1"))).isTrue();
        assertThat(local.allows(InetAddress.ofLiteral("::1"))).isTrue();
        assertThat(local.allows(InetAddress.ofLiteral("93.184.216.34"))).isTrue();
        assertThat(local.allows(InetAddress.ofLiteral("10.0.0.1"))).isFalse();
        assertThat(local.allows(InetAddress.ofLiteral("169.254.169.254"))).isFalse();
        assertThat(local.allows(InetAddress.ofLiteral("0.0.0.0"))).isFalse();
    }
}
