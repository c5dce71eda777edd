/** Models that others have published: which there are, and how they get here. */
package org.omniscribe.export.hub;
