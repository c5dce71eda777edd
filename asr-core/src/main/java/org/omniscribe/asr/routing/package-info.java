/** Which expert handled which step, and measures of it. */
package org.omniscribe.asr.routing;
