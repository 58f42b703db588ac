package comfyserverless.contract.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/// Which addresses may be called: https on port 443 of hosts of the internet. What a name leads to is
/// only known when the call is made, and then looked at again ([#allows]).
///
/// @param loopback whether this machine may be called as well, by http too and on any port
public record WebhookAddresses(boolean loopback) {
    private static final int LONGEST = 2048;
    private static final int HTTPS = 443;
    private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern NUMBER = Pattern.compile("\\d+|0[xX][0-9a-fA-F]*");
    private static final Pattern NAME =
            Pattern.compile(
                    "(?i)([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9])?\\.?");

    /// Why an address cannot be a webhook's.
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private Refused(String message) {
            super(message);
        }
    }

    /// Reads an address as a client sent it.
    public URI read(String text) throws Refused {
        if (text.length() > LONGEST) {
            throw new Refused("it has more than " + LONGEST + " characters");
        }
        URI url = parsed(text);
        String host = url.getHost();
        if (host == null || url.getScheme() == null) {
            throw new Refused("it is no https://host/path");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new Refused("it may hold neither a user nor a #fragment");
        }
        if (loopback && isThisMachine(host)) {
            return requireWeb(url);
        }
        if (!url.getScheme().equalsIgnoreCase("https")) {
            throw new Refused("it must begin with https://");
        }
        if (url.getPort() != -1 && url.getPort() != HTTPS) {
            throw new Refused("only port 443 is called");
        }
        requirePublic(host);
        return url;
    }

    private static URI parsed(String text) throws Refused {
        try {
            return new URI(new URI(text).toASCIIString());
        } catch (URISyntaxException e) {
            throw new Refused("it is no URL: " + e.getReason());
        }
    }

    private static URI requireWeb(URI url) throws Refused {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new Refused("it must begin with https:// or, on this machine, http://");
        }
        return url;
    }

    /// Of names only those are refused that never lead to the internet.
    private static void requirePublic(String host) throws Refused {
        boolean literal = host.startsWith("[") || DOTTED.matcher(host).matches();
        if (literal) {
            if (!PublicAddress.is(literal(host))) {
                throw new Refused(host + " is no address of the internet");
            }
            return;
        }
        String name = host.toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        String last = plain.substring(plain.lastIndexOf('.') + 1);
        if (!NAME.matcher(host).matches() || NUMBER.matcher(last).matches()) {
            throw new Refused("\"" + host + "\" is no host name");
        }
        if (!plain.contains(".") || isInner(last)) {
            throw new Refused(host + " is no host of the internet");
        }
    }

    private static boolean isInner(String topLevel) {
        return switch (topLevel) {
            case "localhost", "local", "internal", "lan", "home", "corp", "arpa" -> true;
            default -> false;
        };
    }

    private static boolean isThisMachine(String host) throws Refused {
        boolean literal = host.startsWith("[") || DOTTED.matcher(host).matches();
        return host.equalsIgnoreCase("localhost") || (literal && literal(host).isLoopbackAddress());
    }

    private static InetAddress literal(String host) throws Refused {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new Refused(host + " is no address");
        }
    }

    /// Whether a socket to this address may be opened.
    public boolean allows(InetAddress address) {
        return PublicAddress.is(address) || (loopback && address.isLoopbackAddress());
    }
}
