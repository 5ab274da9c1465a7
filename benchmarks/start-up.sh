#!/usr/bin/env bash
# The start of a web application with ten jobs on 'local' and of the same without the library, in turns,
# with and without an AOT cache (JDK 25) or CDS (JDK 17). Uses the JDK of JAVA_HOME or the path.
# Usage: mvn -q -DskipTests package && benchmarks/start-up.sh [rounds]
set -euo pipefail
cd "$(dirname "$0")/target"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
rm -rf start-up
"$java" -Djarmode=tools -jar benchmarks-*-exec.jar extract --destination start-up/starter
cp -r start-up/starter start-up/bare
rm start-up/bare/lib/{jobs-spring-boot-,nimbus-jose-jwt-,uuid-creator-}*.jar
"$java" -cp "$(echo start-up/bare/*.jar)" dev.backgroundjobs.benchmarks.StartUpComparison start-up/bare start-up/starter "${1:-15}"
