/** {@code omniscribe data}: the corpora of the benchmarks. */
package org.omniscribe.app.cli.data;
