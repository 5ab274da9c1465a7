#!/usr/bin/env bash
# Every benchmark, one after the other, with its ratios. About 20 minutes on a machine with nothing else to do.
set -euo pipefail
cd "$(dirname "$0")"
(cd .. && mvn -q -DskipTests package)
echo "== POST /_jobs, without and with an OIDC token, beside a bare @PostMapping (wrk)"
./endpoint.sh 5 10
echo "== local beside a bare executor and JobRunr in memory"
java -cp 'target/classes:target/lib/*' dev.backgroundjobs.benchmarks.LocalBenchmark
echo "== enqueueAll on SQS beside the raw client's batches and beside single sends"
java -cp 'target/classes:target/lib/*' dev.backgroundjobs.benchmarks.SqsBenchmark
echo "== the worker of SQS beside a bare loop that receives and deletes"
java -cp 'target/classes:target/lib/*' dev.backgroundjobs.benchmarks.SqsWorkerBenchmark
echo "== an iteration of ten million items beside a bare loop, in a heap of 128 MiB"
java -Xmx128m -cp 'target/classes:target/lib/*' dev.backgroundjobs.benchmarks.IterationBenchmark
echo "== start-up with ten jobs on local beside the same without the library"
./start-up.sh 15
echo "== start for one message beside that of the web application"
./run-once.sh 15
echo "== enqueue() and the message's forms (JMH)"
java -cp 'target/classes:target/lib/*' org.openjdk.jmh.Main -prof gc -rf text -rff target/jmh.txt >target/jmh.log
grep -E '^Benchmark|avgt|alloc.rate.norm' target/jmh.txt
