/**
 * Batches on a cluster, by Apache Spark. A {@link org.omniscribe.app.spark.FileJob} finds out which recordings are not done,
 * deals them to tasks, and appends what its {@link org.omniscribe.app.spark.Work} makes of each to a table.
 *
 * <p>A source set of its own, {@code app/src/spark}, compiled by {@code mvn -Pspark} alone, so that nobody else has to fetch
 * Spark.
 */
package org.omniscribe.app.spark;
