/**
 * Batches on a cluster, by Apache Spark. A {@link org.omniscribe.app.spark.FileJob} finds out which recordings are not done,
 * deals them to tasks, and appends what its {@link org.omniscribe.app.spark.Work} makes of each to a table.
 *
 * <p>A source set of its own, {@code app/src/spark}, compiled by {@code mvn -Pspark} alone, so that nobody else has to fetch
 * Spark.
 *
 * <p>Uses {@code app}, most of the library and {@code export}. Used by nobody: it has a main class of its own.
 */
package org.omniscribe.app.spark;
