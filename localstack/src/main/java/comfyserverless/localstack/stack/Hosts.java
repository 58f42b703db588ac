package comfyserverless.localstack.stack;

import comfyserverless.localstack.settings.LocalSettings;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The host names under which the server may be called besides loopback's, and the origins of pages that may.
final class Hosts {
    private static final List<String> EVERY_ADDRESS = List.of("0.0.0.0", "0:0:0:0:0:0:0:0", "::");

    private Hosts() {}

    static Set<String> trusted(LocalSettings.Listening listening) {
        Set<String> hosts = new HashSet<>();
        for (URI origin : listening.trustedOrigins()) {
            hosts.add(origin.getHost().toLowerCase(Locale.ROOT));
            hosts.add(
                    (origin.getScheme() + "://" + origin.getRawAuthority())
                            .toLowerCase(Locale.ROOT));
        }
        if (EVERY_ADDRESS.contains(listening.address())) {
            hosts.addAll(ofThisMachine());
        } else {
            hosts.add(listening.address());
        }
        return hosts;
    }

    private static Set<String> ofThisMachine() {
        Set<String> hosts = new HashSet<>();
        try {
            hosts.add(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(address -> hosts.add(address.getHostAddress()));
        } catch (UnknownHostException | SocketException e) {
            // A machine that cannot name itself is called by its address or --trusted-origin.
            return hosts;
        }
        return hosts;
    }

    /// Where this process itself reaches the gateway.
    static URI own(LocalSettings.Listening listening, int port) {
        String address =
                EVERY_ADDRESS.contains(listening.address()) ? "127.0.0.1" : listening.address();
        return URI.create(
                "http://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + port);
    }
}
