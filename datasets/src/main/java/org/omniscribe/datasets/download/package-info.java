/**
 * Large files fetched from servers and unpacked: resumed after any interruption, checked, and never outside their folder.
 *
 * <p>Uses {@code asr.io}. Used by the commands, {@code app.command}, {@code datasets}, {@code datasets.corpora} and
 * {@code export.hub}.
 */
package org.omniscribe.datasets.download;
