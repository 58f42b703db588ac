package comfyserverless.handlers.auth;

import java.time.Duration;

/// The cookie that holds a browser's session: no script reads it, no other site's request but a link
/// brings it.
final class SessionCookie {
    /// How long a session lasts.
    static final Duration LIFE = Duration.ofHours(12);

    private SessionCookie() {}

    /// A browser takes a `__Host-` name only by https, for this host alone.
    static String name(boolean secure) {
        return secure ? "__Host-comfy" : "comfy-session";
    }

    static String setting(String secret, boolean secure, Duration life) {
        return name(secure)
                + "="
                + secret
                + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
                + life.toSeconds()
                + (secure ? "; Secure" : "");
    }

    static String ending(boolean secure) {
        return name(secure)
                + "=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
                + (secure ? "; Secure" : "");
    }

    /// What a page's script may see of it: that there is one, so that it can offer to sign out.
    static String mark(Duration life) {
        return "comfy-signed-in=1; Path=/; SameSite=Lax; Max-Age=" + life.toSeconds();
    }
}
