# shellcheck shell=sh
# Sets JAVA_HOME to the first JDK 25 or newer of: JAVA_HOME, JAVA_HOME_25, the java on PATH, the usual folders.
# Read by mvnw and localstack/run, so both work where an older JDK is the default.
jdk_is_25() {
    [ -x "$1/bin/javac" ] || return 1
    jdk_version=$("$1/bin/java" -version 2>&1 | sed -n 's/^[^"]*version "\([0-9]*\).*/\1/p' | head -n 1)
    [ "${jdk_version:-0}" -ge 25 ] 2>/dev/null
}

choose_jdk() {
    jdk_on_path=$(command -v javac 2>/dev/null || true)
    if [ -n "$jdk_on_path" ]; then
        jdk_on_path=$(readlink -f "$jdk_on_path" 2>/dev/null || echo "$jdk_on_path")
        jdk_on_path=${jdk_on_path%/bin/javac}
    fi
    for jdk in "${JAVA_HOME:-}" "${JAVA_HOME_25:-}" "$jdk_on_path"; do
        if [ -n "$jdk" ] && jdk_is_25 "$jdk"; then
            JAVA_HOME=$jdk
            export JAVA_HOME
            return 0
        fi
    done
    for jdk in /usr/lib/jvm/* /opt/java/* /opt/jdk* /usr/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if jdk_is_25 "$jdk"; then
            JAVA_HOME=$jdk
            export JAVA_HOME
            return 0
        fi
    done
    echo "No JDK 25 or newer was found: install one (for example Temurin 25) or set JAVA_HOME to it." >&2
    return 1
}

choose_jdk
