/** Training of Omni-router networks with DJL on PyTorch. */
package org.omniscribe.export.train;
