#!/usr/bin/env bash
# Load on /_jobs and on a bare @PostMapping of the same server, in turns. Needs wrk.
# Usage: mvn -q -DskipTests package && benchmarks/endpoint.sh [rounds] [seconds]
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-5}
seconds=${2:-10}
port=18080
java -jar target/benchmarks-*-SNAPSHOT.jar --server.port=$port --logging.level.root=warn --spring.main.banner-mode=off &
server=$!
trap 'kill $server' EXIT
until curl -s -o /dev/null "http://127.0.0.1:$port/"; do :; done
load() {
	wrk -t1 -c16 -d"${2}s" --latency -s post.lua "http://127.0.0.1:$port$1" >out.txt
	if grep -q 'Non-2xx' out.txt; then cat out.txt; exit 1; fi
	awk '/Requests\/sec/ { rate = $2 } /99%/ { p99 = $2 } END { print rate, p99 }' out.txt
}
load /bare 8 >/dev/null
load /_jobs 8 >/dev/null
for round in $(seq "$rounds"); do
	read -r bare bare99 <<<"$(load /bare "$seconds")"
	read -r jobs jobs99 <<<"$(load /_jobs "$seconds")"
	awk -v b="$bare" -v j="$jobs" -v b9="$bare99" -v j9="$jobs99" \
		'BEGIN { printf "bare %.0f/s p99 %s, /_jobs %.0f/s p99 %s, ratio %.2f\n", b, b9, j, j9, j / b }'
done
rm -f out.txt
