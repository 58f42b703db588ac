# shellcheck shell=sh disable=SC2154
# Sourced by the scripts of this folder's parent, with $root set: builds the local stack unless it is newer than the
# sources. Sets $java, and $made, where java.args lies.
# shellcheck source=.mvn/jdk.sh
. "$root/.mvn/jdk.sh" || exit 1
java=$JAVA_HOME/bin/java
made=$root/localstack/target/run

changed_sources() {
    find "$root/pom.xml" "$root/functions" "$root/gpu-runner" "$root/localstack" \
        \( -name target -o -path '*/src/test' -o -path "$root/localstack/data" \) -prune -o \
        \( -name '*.java' -o -name pom.xml -o -path '*/src/main/*' \) -newer "$made/stamp" -print | head -n 1
}

if [ ! -f "$made/stamp" ] || [ -n "$(changed_sources)" ]; then
    "$java" "$root/localstack/launch/Build.java" "$root" || exit 1
fi
