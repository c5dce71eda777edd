/** Benchmarks; {@link org.omniscribe.asr.bench.FrontEndBenchmark} tells how to run them. */
package org.omniscribe.asr.bench;
