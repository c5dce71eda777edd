/** Weights on disk. */
package org.omniscribe.export.checkpoint;
