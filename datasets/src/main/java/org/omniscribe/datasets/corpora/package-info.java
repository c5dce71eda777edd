/** The ten benchmarks, a class a corpus, each in its original layout. */
package org.omniscribe.datasets.corpora;
