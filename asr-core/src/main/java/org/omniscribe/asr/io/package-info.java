/**
 * What every room needs to read, check and report: the parent of failures, the collector of faults, strict JSON, and
 * files that are written whole. It uses nothing of this project; every other package may use it.
 *
 * <p>Uses nothing of this project. Used by every other package.
 */
package org.omniscribe.asr.io;
