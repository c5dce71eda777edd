/** Reports of error rates that {@code omniscribe eval --json} has written. */
package org.omniscribe.app.desktop.benchmarks;
