package comfyserverless.contract.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Which addresses belong to hosts of the internet, by IANA's registries of special-purpose addresses:
/// never this machine, its networks, the cloud's metadata service, or what leads there by another name
/// (IPv4 inside IPv6, NAT64, 6to4, Teredo).
public final class PublicAddress {
    private static final List<Block> SPECIAL =
            blocks(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.31.196.0/24",
                    "192.52.193.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "192.175.48.0/24",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "2001::/23",
                    "2001:db8::/32",
                    "2002::/16",
                    "2620:4f:8000::/48",
                    "3fff::/20");

    /// The only part of IPv6 that is given to hosts of the internet.
    private static final Block UNICAST = Block.of("2000::/3");

    private PublicAddress() {}

    public static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean assigned = bytes.length == 4 || UNICAST.contains(bytes);
        return assigned && SPECIAL.stream().noneMatch(block -> block.contains(bytes));
    }

    private static List<Block> blocks(String... texts) {
        return List.of(texts).stream().map(Block::of).toList();
    }

    /// The addresses that begin with some bits.
    @SuppressWarnings("ArrayRecordComponent")
    private record Block(byte[] start, int bits) {
        static Block of(String text) {
            int slash = text.indexOf('/');
            try {
                return new Block(
                        InetAddress.getByName(text.substring(0, slash)).getAddress(),
                        Integer.parseInt(text.substring(slash + 1)));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("no block of addresses: " + text, e);
            }
        }

        boolean contains(byte[] address) {
            if (address.length != start.length) {
                return false;
            }
            int whole = bits / Byte.SIZE;
            for (int i = 0; i < whole; i++) {
                if (address[i] != start[i]) {
                    return false;
                }
            }
            int rest = bits % Byte.SIZE;
            int mask = 0xff << (Byte.SIZE - rest) & 0xff;
            return rest == 0 || (address[whole] & mask) == (start[whole] & mask);
        }
    }
}
